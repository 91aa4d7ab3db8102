import NetcCore
import NetcGraph

extension Rewriter {
  /// The sum of two blocks of zeros with values beside each other in them is one such block: what
  /// the derivative of `split` leaves becomes a `concatenate`.
  mutating func joinedPads(_ node: Candidate) -> Replacement? {
    guard let first = block(node.operands[0]), let second = block(node.operands[1]),
      first.axis == second.axis
    else { return nil }
    let (left, right) = first.end == second.low ? (first, second) : (second, first)
    guard left.end == right.low else { return nil }
    let parts = (pieces(left) + pieces(right))
    let joined = builder.concatenate(parts, axis: left.axis)
    if left.low == Dim(0), right.end == node.type.shape[left.axis] { return .value(joined) }
    var low = [Dim](repeating: 0, count: node.type.shape.rank)
    var high = low
    low[left.axis] = left.low
    high[left.axis] = node.type.shape[left.axis] - right.end
    return .value(
      builder.pad(joined, 0, low: low, high: high, interior: low.map { _ in 0 }))
  }

  /// A value among zeros along one axis.
  private struct Block {
    let value: ValueID
    let axis: Int
    /// Where along the axis the value begins and ends.
    let low: Dim
    let end: Dim
  }

  private mutating func block(_ value: ValueID) -> Block? {
    guard let node = definition(of: value, .pad), let inner = builder.graph.operands(of: node).first
    else { return nil }
    let attributes = builder.graph.attributes(of: node)
    let (low, high) = (attributes.dims("low"), attributes.dims("high"))
    let moved = low.indices.filter { low[$0] != Dim(0) || high[$0] != Dim(0) }
    guard attributes.number("value") == 0, moved.count == 1, let axis = moved.first,
      attributes.ints("interior").allSatisfy({ $0 == 0 }),
      [low[axis], high[axis]].allSatisfy({ ($0.constant ?? -1) >= 0 })
    else { return nil }
    return Block(
      value: inner, axis: axis, low: low[axis], end: low[axis] + type(of: inner).shape[axis])
  }

  /// What a block is a concatenation of.
  private mutating func pieces(_ block: Block) -> [ValueID] {
    guard let node = definition(of: block.value, .concatenate),
      builder.graph.attributes(of: node).int("axis") == block.axis
    else { return [block.value] }
    return Array(builder.graph.operands(of: node))
  }
}
