import NetcCore
import NetcGraph

extension Pass {
  /// Rewritings that need the laws of real numbers.
  package static let simplifyAlgebra = Pass(
    name: "algebra",
    summary: """
      gathers constant factors and terms, takes repeated factors out of sums, sums what was \
      broadcast by counting, merges sums of sums, joins blocks among zeros; keeps values to \
      rounding (x + 0 loses the sign of -0)
      """,
    keeps: .rounding, isIdempotent: true
  ) { graph in
    let operations: OperationSet = [.add, .subtract, .multiply, .divide, .negate, .reduceSum]
    return Rewriter.rewrite(graph, operations) { rewriter, node in rewriter.simpler(node) }
  }
}

extension Rewriter {
  /// A node that computes the same with less; nil when there is none.
  mutating func simpler(_ node: Candidate) -> Replacement? {
    switch node.op {
    case .add: simplerSum(node)
    case .subtract: simplerDifference(node)
    case .multiply: simplerProduct(node)
    case .divide: simplerQuotient(node)
    case .negate: simplerNegative(node)
    case .reduceSum: simplerReduction(node)
    default: nil
    }
  }

  /// x + 0 = x, x + x = 2x, (x + b) + c = x + (b + c).
  fileprivate mutating func simplerSum(_ node: Candidate) -> Replacement? {
    guard node.type.element == .float else { return nil }
    let (a, b) = (node.operands[0], node.operands[1])
    if constant(b) == 0 { return .value(a) }
    if constant(a) == 0 { return .value(b) }
    if a == b { return .node(node.with(.multiply, [a, number(2, node)])) }
    if let c = constant(b), let inner = operands(of: a, .add), let d = constant(inner[1]) {
      return .node(node.with(.add, [inner[0], number(d + c, node)]))
    }
    return joinedPads(node)
  }

  /// 0 - x = -x, x - c = x + (-c).
  fileprivate mutating func simplerDifference(_ node: Candidate) -> Replacement? {
    guard node.type.element == .float else { return nil }
    let (a, b) = (node.operands[0], node.operands[1])
    if constant(a) == 0 { return .node(node.with(.negate, [b])) }
    if let c = constant(b) { return .node(node.with(.add, [a, number(-c, node)])) }
    return nil
  }

  /// (x·b)·c = x·(b·c), (x/b)·c = x·(c/b).
  fileprivate mutating func simplerProduct(_ node: Candidate) -> Replacement? {
    guard node.type.element == .float, let c = constant(node.operands[1]) else { return nil }
    let a = node.operands[0]
    if c == 1 { return .value(a) }
    if c == -1 { return .node(node.with(.negate, [a])) }
    if let inner = operands(of: a, .multiply), let b = constant(inner[1]) {
      return factor(b * c, inner[0], node)
    }
    if let inner = operands(of: a, .divide), let b = constant(inner[1]) {
      return factor(c / b, inner[0], node)
    }
    if let inner = operand(of: a, .negate) { return factor(-c, inner, node) }
    return nil
  }

  /// x/c = x·(1/c) for a power of two c, (x·b)/c = x·(b/c), 1/√x = rsqrt(x).
  fileprivate mutating func simplerQuotient(_ node: Candidate) -> Replacement? {
    guard node.type.element == .float else { return nil }
    let (a, b) = (node.operands[0], node.operands[1])
    if constant(a) == 1, let x = operand(of: b, .sqrt) { return .node(node.with(.rsqrt, [x])) }
    guard let c = constant(b) else { return nil }
    if let inner = operands(of: a, .multiply), let d = constant(inner[1]) {
      return factor(d / c, inner[0], node)
    }
    let isPowerOfTwo = c.isNormal && c.significand == 1 && c.exponent.magnitude <= 126
    return isPowerOfTwo ? factor(1 / c, a, node) : nil
  }

  /// -(x·c) = x·(-c), -(a - b) = b - a.
  fileprivate mutating func simplerNegative(_ node: Candidate) -> Replacement? {
    guard node.type.element == .float else { return nil }
    let x = node.operands[0]
    if let inner = operands(of: x, .multiply), let c = constant(inner[1]) {
      return factor(-c, inner[0], node)
    }
    if let inner = operands(of: x, .subtract) {
      return .node(node.with(.subtract, [inner[1], inner[0]]))
    }
    return nil
  }

  /// The product with a constant; nil where the constant leaves the range of either precision.
  private mutating func factor(_ factor: Double, _ x: ValueID, _ node: Candidate) -> Replacement? {
    let magnitude = factor.magnitude
    guard magnitude == 0 || (magnitude >= 0x1p-100 && magnitude <= 0x1p100) else { return nil }
    return .node(node.with(.multiply, [x, number(factor, node)]))
  }

  private mutating func number(_ value: Double, _ node: Candidate) -> ValueID {
    builder.constant(value, node.type.shape)
  }

  /// A sum of sums is one sum; a sum over axes that a broadcast made is a multiple; a factor that
  /// the axes only repeat is one of the sum.
  fileprivate mutating func simplerReduction(_ node: Candidate) -> Replacement? {
    let x = node.operands[0]
    let axes = node.attributes.ints("axes")
    if axes.isEmpty { return .value(x) }
    if let inner = definition(of: x, .reduceSum) {
      return mergedReduction(node, outer: axes, inner: inner)
    }
    guard node.type.element == .float else { return nil }
    let wide = type(of: x).shape
    let count = axes.reduce(Dim(1)) { $0 * wide[$1] }
    if let number = constant(x) {
      return .value(multiple(builder.constant(number, node.type.shape), count))
    }
    guard let broadcast = definition(of: x, .broadcastInDim),
      let source = builder.graph.operands(of: broadcast).first
    else { return withoutFactors(node) }
    let placed = builder.graph.attributes(of: broadcast).ints("axes")
    guard axes.allSatisfy({ !placed.contains($0) }) else { return nil }
    let left = placed.map { axis in axis - axes.count { $0 < axis } }
    return .value(multiple(builder.broadcast(source, to: node.type.shape, axes: left), count))
  }

  private mutating func mergedReduction(
    _ node: Candidate, outer: [Int], inner: NodeID
  ) -> Replacement? {
    guard let source = builder.graph.operands(of: inner).first else { return nil }
    let first = builder.graph.attributes(of: inner).ints("axes")
    let kept = (0..<type(of: source).shape.rank).filter { !first.contains($0) }
    let all = (first + outer.map { kept[$0] }).sorted()
    return .node(node.with(.reduceSum, [source], ["axes": .ints(all)]))
  }

  /// x·count, the count a dimension.
  private mutating func multiple(_ x: ValueID, _ count: Dim) -> ValueID {
    let shape = type(of: x).shape
    if let size = count.constant {
      if let number = constant(x) { return builder.constant(number * Double(size), shape) }
      return size == 1 ? x : builder.multiply(x, builder.constant(Double(size), shape))
    }
    let size = builder.broadcastScalar(builder.realDimension(count), to: shape)
    return builder.multiply(x, size)
  }
}
