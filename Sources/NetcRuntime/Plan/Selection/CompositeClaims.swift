import NetcCore
package import NetcGraph

/// The named functions that one instruction computes, recognised by what their bodies say.
package enum CompositeClaims {
  /// An instruction that stands for a body; arguments are numbered as the body's.
  enum Claim: Hashable {
    /// softmax, or its logarithm, of argument `x` along the last axis.
    case softmax(x: Int, logarithm: Bool)
    /// Its adjoint from the result `y` and the adjoint `dy`.
    case softmaxAdjoint(y: Int, dy: Int, logarithm: Bool)
  }

  /// Whether an instruction computes a body, so that calls of it need not be inlined.
  package static func claims(_ body: GraphBody) -> Bool { claim(body) != nil }

  /// The instruction for a body, if there is one.
  /// - Complexity: O(nodes of the body).
  static func claim(_ body: GraphBody) -> Claim? {
    let pattern = BodyPattern(body.graph)
    guard body.graph.results.count == 1, body.graph.nodeCount <= 24,
      body.graph.type(of: body.graph.results[0].value).shape.rank > 0
    else { return nil }
    let result = body.graph.results[0].value
    return pattern.softmax(result) ?? pattern.logSoftmax(result) ?? pattern.softmaxAdjoint(result)
      ?? pattern.logSoftmaxAdjoint(result)
  }
}

/// Looks for known expressions in a body; identities are looked through.
private struct BodyPattern {
  let graph: Graph

  init(_ graph: Graph) { self.graph = graph }

  /// e / Σ e with e = exp(x - max x).
  func softmax(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (e, whole) = binary(value, .divide), let sum = rowsOf(whole, .reduceSum),
      resolved(e) == sum, let z = unary(e, .exponential), let x = shifted(z)
    else { return nil }
    return .softmax(x: x, logarithm: false)
  }

  /// z - log Σ exp(z) with z = x - max x.
  func logSoftmax(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (z, rest) = binary(value, .subtract), let x = shifted(z),
      let logarithm = repeated(rest).flatMap({ unary($0, .log) }),
      let sum = reduced(unreshaped(logarithm), .reduceSum), let inner = unary(sum, .exponential),
      resolved(inner) == resolved(z)
    else { return nil }
    return .softmax(x: x, logarithm: true)
  }

  /// y · (dy - Σ dy · y).
  func softmaxAdjoint(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (y, rest) = binary(value, .multiply), let place = argument(y),
      let (d, whole) = binary(rest, .subtract), let dy = argument(d),
      let terms = rowsOf(whole, .reduceSum), let (a, b) = binary(terms, .multiply),
      Set([argument(a), argument(b)]) == Set([place, dy])
    else { return nil }
    return .softmaxAdjoint(y: place, dy: dy, logarithm: false)
  }

  /// dy - exp(y) · Σ dy.
  func logSoftmaxAdjoint(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (d, rest) = binary(value, .subtract), let dy = argument(d),
      let (e, whole) = binary(rest, .multiply), let y = unary(e, .exponential).flatMap(argument),
      let sum = rowsOf(whole, .reduceSum), argument(sum) == dy
    else { return nil }
    return .softmaxAdjoint(y: y, dy: dy, logarithm: true)
  }

  /// The argument x of x - max x.
  private func shifted(_ value: ValueID) -> Int? {
    guard let (x, most) = binary(value, .subtract), let place = argument(x),
      let inner = rowsOf(most, .reduceMax), argument(inner) == place
    else { return nil }
    return place
  }

  /// The operand of a reduction over the last axis whose result is repeated along that axis again.
  private func rowsOf(_ value: ValueID, _ reduction: OpID) -> ValueID? {
    repeated(value).flatMap { reduced(unreshaped($0), reduction) }
  }

  /// What is repeated along the last axis: of shape [d…] or [d…, 1] for a result [d…, n].
  private func repeated(_ value: ValueID) -> ValueID? {
    let value = resolved(value)
    guard graph.op(of: value) == .broadcastInDim, let source = operands(value).first else {
      return nil
    }
    let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
    let rank = graph.type(of: value).shape.rank
    let shape = graph.type(of: source).shape
    let keepsLast = axes.count == rank && shape.dims.last == Dim(1)
    guard axes == Array(0..<axes.count), axes.count == rank - 1 || keepsLast else { return nil }
    return resolved(source)
  }

  /// A value before a reshape that only adds or drops a last axis of size 1.
  private func unreshaped(_ value: ValueID) -> ValueID {
    let value = resolved(value)
    guard graph.op(of: value) == .reshape, let source = operands(value).first else { return value }
    let dims = graph.type(of: value).shape.dims
    let from = graph.type(of: source).shape.dims
    return dims == from + [Dim(1)] ? resolved(source) : value
  }

  private func reduced(_ value: ValueID, _ reduction: OpID) -> ValueID? {
    guard graph.op(of: value) == reduction, let source = operands(value).first else { return nil }
    let rank = graph.type(of: source).shape.rank
    let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
    return axes == [rank - 1] ? resolved(source) : nil
  }

  private func unary(_ value: ValueID, _ op: OpID) -> ValueID? {
    let value = resolved(value)
    return graph.op(of: value) == op ? operands(value).first.map { resolved($0) } : nil
  }

  private func binary(_ value: ValueID, _ op: OpID) -> (ValueID, ValueID)? {
    let value = resolved(value)
    guard graph.op(of: value) == op else { return nil }
    let operands = operands(value)
    return operands.count == 2 ? (resolved(operands[0]), resolved(operands[1])) : nil
  }

  private func argument(_ value: ValueID) -> Int? {
    let value = resolved(value)
    guard graph.op(of: value) == .argument else { return nil }
    return graph.attributes(of: graph.node(of: value)).int("index")
  }

  private func operands(_ value: ValueID) -> [ValueID] {
    Array(graph.operands(of: graph.node(of: value)))
  }

  /// The value behind identities.
  private func resolved(_ value: ValueID) -> ValueID {
    var value = value
    while graph.op(of: value) == .identity || graph.op(of: value) == .stopGradient,
      let next = operands(value).first
    { value = next }
    return value
  }
}
