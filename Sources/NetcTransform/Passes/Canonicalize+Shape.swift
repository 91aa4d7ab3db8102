import NetcCore
import NetcGraph

extension Rewriter {
  /// Chains of operations that only move elements become one; those that move none, none.
  mutating func canonicalShape(_ node: Candidate) -> Replacement? {
    switch node.op {
    case .reshape: canonicalReshape(node)
    case .transpose: canonicalTranspose(node)
    case .broadcastInDim: canonicalBroadcast(node)
    case .slice: isWhole(node) ? .value(node.operands[0]) : nil
    case .pad: isIdlePad(node) ? .value(node.operands[0]) : nil
    case .concatenate: node.operands.count == 1 ? .value(node.operands[0]) : nil
    case .reverse: canonicalReverse(node)
    default: nil
    }
  }

  /// The constant of the node's type when the operand is one number everywhere.
  private mutating func spread(_ node: Candidate) -> Replacement? {
    constant(node.operands[0]).map { .value(builder.constant([$0], node.type)) }
  }

  private mutating func canonicalReshape(_ node: Candidate) -> Replacement? {
    let x = node.operands[0]
    if type(of: x) == node.type { return .value(x) }
    if let inner = operand(of: x, .reshape) {
      return .node(node.with(.reshape, [inner], node.attributes))
    }
    return spread(node)
  }

  private mutating func canonicalTranspose(_ node: Candidate) -> Replacement? {
    let x = node.operands[0]
    let permutation = node.attributes.ints("permutation")
    if permutation == Array(permutation.indices) { return .value(x) }
    if let inner = definition(of: x, .transpose) {
      let first = builder.graph.attributes(of: inner).ints("permutation")
      let both = permutation.map { first[$0] }
      let source = builder.graph.operands(of: inner)
      return .node(node.with(.transpose, Array(source), ["permutation": .ints(both)]))
    }
    if let known = spread(node) { return known }
    let shape = type(of: x).shape
    let moving = permutation.filter { shape[$0] != Dim(1) }
    guard moving == moving.sorted() else { return nil }
    return .node(node.with(.reshape, [x], ["shape": .dims(node.type.shape.dims)]))
  }

  private mutating func canonicalBroadcast(_ node: Candidate) -> Replacement? {
    let x = node.operands[0]
    if type(of: x) == node.type { return .value(x) }
    let axes = node.attributes.ints("axes")
    if let inner = definition(of: x, .broadcastInDim) {
      let first = builder.graph.attributes(of: inner).ints("axes")
      let source = builder.graph.operands(of: inner)
      return .node(
        node.with(
          .broadcastInDim, Array(source),
          ["shape": .dims(node.type.shape.dims), "axes": .ints(first.map { axes[$0] })]))
    }
    if let known = spread(node) { return known }
    if let inner = operand(of: x, .reshape) { return withoutUnitAxes(node, inner, axes) }
    return nil
  }

  /// A reshape that only adds axes of size 1 before a broadcast is left out.
  private mutating func withoutUnitAxes(
    _ node: Candidate, _ source: ValueID, _ axes: [Int]
  ) -> Replacement? {
    let wide = type(of: node.operands[0]).shape
    let kept = (0..<wide.rank).filter { wide[$0] != Dim(1) }
    guard kept.map({ wide[$0] }) == type(of: source).shape.dims else { return nil }
    return .node(
      node.with(
        .broadcastInDim, [source],
        ["shape": .dims(node.type.shape.dims), "axes": .ints(kept.map { axes[$0] })]))
  }

  private mutating func canonicalReverse(_ node: Candidate) -> Replacement? {
    let shape = node.type.shape
    if node.attributes.ints("axes").allSatisfy({ shape[$0] == Dim(1) }) {
      return .value(node.operands[0])
    }
    return nil
  }

  private func isWhole(_ node: Candidate) -> Bool {
    let source = type(of: node.operands[0]).shape.dims
    return node.attributes.dims("start").allSatisfy { $0 == Dim(0) }
      && node.attributes.dims("limit") == source
      && node.attributes.ints("stride").allSatisfy { $0 == 1 }
  }

  private func isIdlePad(_ node: Candidate) -> Bool {
    let margins = node.attributes.dims("low") + node.attributes.dims("high")
    return margins.allSatisfy { $0 == Dim(0) }
      && node.attributes.ints("interior").allSatisfy { $0 == 0 }
  }
}
