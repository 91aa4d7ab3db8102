import NetcGraph

/// Replaces calls of named functions that no instruction claims by their bodies.
enum CompositeInlining {
  /// - Complexity: O(nodes of the result).
  static func inlined(_ graph: Graph) -> Graph {
    guard graph.nodeIDs.contains(where: { mayInline(graph, $0) }) else { return graph }
    return graph.inliningComposites { attributes in
      !CompositeClaims.claims(attributes.body("body"))
    }
  }

  /// Whether a node is a call to replace, or may hold some.
  private static func mayInline(_ graph: Graph, _ node: NodeID) -> Bool {
    switch graph.op(of: node) {
    case .composite: !CompositeClaims.claims(graph.attributes(of: node).body("body"))
    case .scan: true
    default: false
    }
  }
}
