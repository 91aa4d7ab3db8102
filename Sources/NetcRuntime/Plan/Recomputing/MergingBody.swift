import NetcGraph

/// A loop's body under construction in which what is computed again is computed once.
struct MergingBody {
  private struct Expression: Hashable {
    let op: OpID
    let attributes: Attributes
    let operands: [ValueID]
  }

  /// From the old body.
  var transfer: GraphTransfer
  private var known: [Expression: ValueID] = [:]
  /// The old body's nodes that other operations might take into their own: their readers stay.
  private static let bound: OperationSet = [
    .multiply, .divide, .negate, .dotGeneral, .convolution, .windowSum,
  ]

  init(from old: Graph) {
    transfer = GraphTransfer(from: old)
  }

  /// Appends a node with one result, or finds it.
  mutating func append(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes, origin: Origin
  ) -> ValueID {
    let expression = Expression(op: op, attributes: attributes, operands: operands)
    if let value = known[expression] { return value }
    transfer.builder.origin = origin
    let value = transfer.builder.emit(op, operands, attributes)
    known[expression] = value
    return value
  }

  /// Copies a node of the old body, or finds it among what was appended where no rounding depends
  /// on how many read its operands and it.
  mutating func copy(_ node: NodeID) {
    let old = transfer.source
    let operands = old.operands(of: node)
    let mayMerge =
      old[node].hasOneResult && !Self.bound.contains(old.op(of: node))
      && !operands.contains { Self.bound.contains(old.op(of: $0)) }
    guard mayMerge,
      let value = known[
        Expression(
          op: old.op(of: node), attributes: old.attributes(of: node),
          operands: transfer.copiedOperands(of: node))]
    else {
      transfer.copy(node)
      return
    }
    transfer.replace(old.result(of: node), by: value)
  }
}
