import NetcCore
import NetcGraph

/// Replaces calls of named functions that no instruction claims by their bodies.
enum CompositeInlining {
  /// - Complexity: O(nodes of the graph and of the bodies).
  static func inlined(_ graph: Graph) -> Graph {
    guard graph.nodeIDs.contains(where: { graph.op(of: $0) == .composite }) else { return graph }
    var transfer = GraphTransfer(from: graph)
    for node in graph.nodeIDs {
      guard graph.op(of: node) == .composite else {
        transfer.copy(node)
        continue
      }
      transfer.builder.origin = graph.origin(of: node)
      let operands = graph.operands(of: node).map { transfer[$0] }
      let made = GraphTransfer.inline(
        graph.attributes(of: node).body("body"), operands: operands, into: &transfer.builder)
      for (old, new) in zip(graph.results(of: node), made) { transfer.replace(old, by: new) }
    }
    return inlined(transfer.finish())
  }
}
