import NetcGraph

/// Replaces calls of named functions that no instruction claims by their bodies.
enum CompositeInlining {
  /// - Complexity: O(nodes of the result).
  static func inlined(_ graph: Graph) -> Graph {
    guard graph.nodeIDs.contains(where: { graph.op(of: $0) == .composite }) else { return graph }
    return graph.inliningComposites { attributes in
      !CompositeClaims.claims(attributes.body("body"))
    }
  }
}
