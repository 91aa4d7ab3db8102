import NetcCore
import NetcGraph

extension Pass {
  /// Replaces formulas that overflow or lose digits by equal ones that do not.
  package static let stabilize = Pass(
    name: "stable-forms",
    summary: """
      log of softmax, of the logistic function, of 1 + exp and of sums of exp without overflow, log(1 + x) and \
      exp(x) - 1 without loss of digits; keeps values to rounding, and is finite where the original overflowed
      """,
    keeps: .rounding, isIdempotent: true
  ) { graph in
    Rewriter.rewrite(graph, [.log, .logPlusOne, .subtract, .add]) { rewriter, node in
      switch node.op {
      case .log: rewriter.stableLogarithm(node)
      case .logPlusOne: rewriter.stableLogarithmOfOnePlus(node.operands[0])
      case .subtract: rewriter.stableExponentialMinusOne(node)
      case .add: rewriter.stableExponentialMinusOne(node)
      default: nil
      }
    }
  }
}

extension Rewriter {
  fileprivate mutating func stableLogarithm(_ node: Candidate) -> Replacement? {
    let x = node.operands[0]
    if let z = operand(of: x, .logistic) { return .value(logLogistic(z)) }
    if let term = onePlus(x) {
      return stableLogarithmOfOnePlus(term) ?? .node(node.with(.logPlusOne, [term]))
    }
    if let inner = operands(of: x, .subtract), constant(inner[0]) == 1,
      let z = operand(of: inner[1], .logistic)
    {
      return .value(builder.negate(softplus(z)))
    }
    if let quotient = operands(of: x, .divide) { return logarithmOfQuotient(quotient) }
    if let sum = definition(of: x, .reduceSum) { return logarithmOfSum(sum) }
    if let call = definition(of: x, .composite) { return logarithmOfCall(call) }
    return nil
  }

  /// log(1 + exp z) = softplus(z).
  fileprivate mutating func stableLogarithmOfOnePlus(_ x: ValueID) -> Replacement? {
    operand(of: x, .exponential).map { .value(softplus($0)) }
  }

  /// exp(x) - 1, also written exp(x) + (-1).
  fileprivate mutating func stableExponentialMinusOne(_ node: Candidate) -> Replacement? {
    let unit: Double = node.op == .subtract ? 1 : -1
    guard constant(node.operands[1]) == unit, let x = operand(of: node.operands[0], .exponential)
    else { return nil }
    return .node(node.with(.exponentialMinusOne, [x]))
  }

  /// The y of 1 + y.
  private mutating func onePlus(_ x: ValueID) -> ValueID? {
    guard type(of: x).element == .float, let terms = operands(of: x, .add) else { return nil }
    if constant(terms[1]) == 1 { return terms[0] }
    return constant(terms[0]) == 1 ? terms[1] : nil
  }

  /// log(1/(1 + exp z)) = -softplus(z); log(exp u/Σ exp u) = u - log Σ exp u.
  private mutating func logarithmOfQuotient(_ quotient: [ValueID]) -> Replacement? {
    if constant(quotient[0]) == 1, let term = onePlus(quotient[1]),
      let z = operand(of: term, .exponential)
    {
      return .value(builder.negate(softplus(z)))
    }
    guard let u = operand(of: quotient[0], .exponential),
      let sum = builder.graph.spreadReduction(quotient[1], .reduceSum),
      sum.operand == quotient[0], definition(of: quotient[1], .broadcastInDim) != nil,
      definition(of: sum.result, .reduceSum) != nil
    else { return nil }
    let total = shiftedLogarithmOfSum(u, axes: sum.axes) ?? builder.log(sum.result)
    return .value(
      builder.subtract(u, builder.broadcastReduced(total, to: type(of: u).shape, axes: sum.axes)))
  }

  /// log Σ exp u by the greatest u.
  private mutating func logarithmOfSum(_ sum: NodeID) -> Replacement? {
    guard let terms = builder.graph.operands(of: sum).first,
      let u = operand(of: terms, .exponential)
    else { return nil }
    let axes = builder.graph.attributes(of: sum).ints("axes")
    return shiftedLogarithmOfSum(u, axes: axes).map { .value($0) }
  }

  /// m + log Σ exp(u - m) with the greatest u as m, 0 where that is infinite; nil when u is shifted
  /// already.
  ///
  /// No derivative flows through m: that of the whole does not depend on it.
  private mutating func shiftedLogarithmOfSum(_ u: ValueID, axes: [Int]) -> ValueID? {
    if builder.graph.isShiftedByMaximum(u) { return nil }
    let greatest = builder.reduceMax(u, axes: axes)
    let shape = type(of: greatest).shape
    let m = builder.stopGradient(
      builder.select(builder.isFinite(greatest), greatest, builder.zeros(shape)))
    let wide = builder.broadcastReduced(m, to: type(of: u).shape, axes: axes)
    let terms = builder.exponential(builder.subtract(u, wide))
    return builder.add(m, builder.log(builder.reduceSum(terms, axes: axes)))
  }

  /// log of a call whose body ends in exp u/Σ exp u: the body is opened here, other users keep the
  /// call.
  private mutating func logarithmOfCall(_ call: NodeID) -> Replacement? {
    guard case .body(let body)? = builder.graph.attributes(of: call)["body"],
      body.graph.results.count == 1, let result = body.graph.results.first,
      body.graph.isSoftmax(result.value)
    else { return nil }
    let opened = GraphTransfer.inline(
      body, operands: Array(builder.graph.operands(of: call)), into: &builder)
    guard let value = opened.first, let quotient = operands(of: value, .divide) else { return nil }
    return logarithmOfQuotient(quotient)
  }

  /// log σ(z) = -softplus(-z).
  private mutating func logLogistic(_ z: ValueID) -> ValueID {
    let negative = operand(of: z, .negate) ?? builder.negate(z)
    return builder.negate(softplus(negative))
  }

  /// log(1 + exp z) as a call with its own adjoint, which is smooth at 0 to any order.
  private mutating func softplus(_ z: ValueID) -> ValueID {
    let forms = StableForms.softplus(type(of: z))
    return builder.emit(
      .composite, [z],
      ["name": .text("softplus"), "body": .body(forms.body), "adjoint": .body(forms.adjoint)])
  }
}
