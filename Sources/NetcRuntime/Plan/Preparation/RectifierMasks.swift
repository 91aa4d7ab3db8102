import NetcCore
import NetcGraph

/// Reads the mask of a rectifier from its result: where(x <= 0, 0, x) <= 0 just where x <= 0, so
/// neither x nor the mask need be kept for the adjoint.
enum RectifierMasks {
  /// The graph with later uses of such a mask comparing the result.
  /// - Complexity: O(nodes + operands).
  static func fromResults(_ graph: Graph) -> Graph {
    guard graph.nodeIDs.contains(where: { mask(graph, $0) != nil }) else { return graph }
    var transfer = GraphTransfer(from: graph)
    var rectified: [Int: ValueID] = [:]
    var masks: [Int: ValueID] = [:]
    for node in graph.nodeIDs {
      for operand in graph.operands(of: node) {
        guard let result = rectified[operand.index], masks[operand.index] == nil else { continue }
        masks[operand.index] = compared(&transfer, operand, result)
      }
      copy(node, &transfer, masks)
      if let mask = mask(graph, node), rectified[mask.index] == nil {
        rectified[mask.index] = graph.result(of: node)
      }
    }
    return transfer.finish()
  }

  /// The mask's comparison with the rectifier's result in place of its argument.
  private static func compared(
    _ transfer: inout GraphTransfer, _ mask: ValueID, _ result: ValueID
  ) -> ValueID {
    let graph = transfer.source
    let node = graph.node(of: mask)
    transfer.builder.origin = graph.origin(of: node)
    let zero = transfer[Array(graph.operands(of: node))[1]]
    return transfer.builder.emit(
      .compare, [transfer[result], zero], graph.attributes(of: node))
  }

  /// Copies a node with its operands' replacements.
  private static func copy(
    _ node: NodeID, _ transfer: inout GraphTransfer, _ masks: [Int: ValueID]
  ) {
    let operands = transfer.source.operands(of: node)
    let replaced = operands.filter { masks[$0.index] != nil }
    let kept = replaced.map { transfer[$0] }
    for operand in replaced { transfer[operand] = masks[operand.index] ?? transfer[operand] }
    transfer.copy(node)
    for (operand, value) in zip(replaced, kept) { transfer[operand] = value }
  }

  /// The mask of a rectifier: c in where(c, 0, x) with c = x <= 0, or in where(c, x, 0) with
  /// c = x > 0.
  private static func mask(_ graph: Graph, _ node: NodeID) -> ValueID? {
    guard graph.op(of: node) == .select else { return nil }
    let operands = Array(graph.operands(of: node))
    guard graph.op(of: operands[0]) == .compare, graph.type(of: operands[1]).element == .float
    else { return nil }
    let comparison = graph.node(of: operands[0])
    let sides = Array(graph.operands(of: comparison))
    guard isZero(graph, sides[1]) else { return nil }
    switch graph.attributes(of: comparison).text("direction") {
    case "LE": return operands[2] == sides[0] && isZero(graph, operands[1]) ? operands[0] : nil
    case "GT": return operands[1] == sides[0] && isZero(graph, operands[2]) ? operands[0] : nil
    default: return nil
    }
  }

  private static func isZero(_ graph: Graph, _ value: ValueID) -> Bool {
    guard graph.op(of: value) == .constant else { return false }
    return graph.attributes(of: graph.node(of: value)).numbers("values").allSatisfy { $0 == 0 }
  }
}
