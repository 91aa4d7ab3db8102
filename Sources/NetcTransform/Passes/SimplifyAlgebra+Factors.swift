import NetcCore
import NetcGraph

extension Rewriter {
  /// How many products deep factors are looked for.
  private static let mostProducts = 4

  /// sum(x · b) = sum(x) · b for factors b that the summed axes, the first among them, only repeat.
  /// Sums within rows keep their products: normalizations of rows are known by them.
  mutating func withoutFactors(_ node: Candidate) -> Replacement? {
    let axes = node.attributes.ints("axes")
    guard axes.contains(0) else { return nil }
    var rest = node.operands[0]
    var factors: [ValueID] = []
    while let found = factor(of: rest, repeatedAlong: axes, depth: Self.mostProducts) {
      factors.append(found.factor)
      rest = found.rest
    }
    if factors.isEmpty { return nil }
    var result = settled(node.with(.reduceSum, [rest], node.attributes))
    for factor in factors {
      result = product(result, reduced(factor, axes, to: node.type.shape))
    }
    return .value(result)
  }

  /// A broadcast among the factors of a product that repeats along some axes, and what else the
  /// product multiplies.
  private mutating func factor(
    of x: ValueID, repeatedAlong axes: [Int], depth: Int
  ) -> (factor: ValueID, rest: ValueID)? {
    guard depth > 0, let pair = operands(of: x, .multiply) else { return nil }
    for place in [1, 0] where isRepeated(pair[place], along: axes) {
      return (pair[place], pair[1 - place])
    }
    for place in [0, 1] {
      guard let inner = factor(of: pair[place], repeatedAlong: axes, depth: depth - 1) else {
        continue
      }
      return (inner.factor, product(inner.rest, pair[1 - place]))
    }
    return nil
  }

  private mutating func isRepeated(_ x: ValueID, along axes: [Int]) -> Bool {
    guard let node = definition(of: x, .broadcastInDim),
      let source = builder.graph.operands(of: node).first
    else { return false }
    let own = type(of: source).shape
    let placed = builder.graph.attributes(of: node).ints("axes")
    return placed.indices.allSatisfy { !axes.contains(placed[$0]) || own[$0] == Dim(1) }
  }

  /// A broadcast that repeats along some axes, without them.
  private mutating func reduced(_ x: ValueID, _ axes: [Int], to shape: Shape) -> ValueID {
    let node = builder.graph.node(of: x)
    let source = builder.graph.operands(of: node).first ?? x
    let own = type(of: source).shape
    let placed = builder.graph.attributes(of: node).ints("axes")
    let kept = placed.indices.filter { !axes.contains(placed[$0]) }
    let left = kept.map { place in placed[place] - axes.count { $0 < placed[place] } }
    let small = builder.reshape(source, to: Shape(kept.map { own[$0] }))
    return builder.broadcast(small, to: shape, axes: left)
  }

  private mutating func product(_ a: ValueID, _ b: ValueID) -> ValueID {
    settled(
      Candidate(op: .multiply, operands: [a, b], attributes: .none, type: type(of: a)))
  }

  /// The value of a node that rules no longer change.
  private mutating func settled(_ node: Candidate) -> ValueID {
    var current = node
    while let next = simpler(current) {
      switch next {
      case .value(let value): return value
      case .node(let candidate): current = candidate
      }
    }
    return builder.emit(current.op, current.operands, current.attributes)
  }
}
