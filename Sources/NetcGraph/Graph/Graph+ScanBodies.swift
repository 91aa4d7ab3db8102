extension Graph {
  /// Whether any node is a loop.
  package var hasScans: Bool { nodeIDs.contains { op(of: $0) == .scan } }

  /// The graph with the body of each loop replaced by what `change` makes of it, which has the same
  /// results.
  /// - Complexity: O(nodes) beside `change`, which is asked once for equal bodies.
  package func mappingScanBodies(_ change: (Graph) -> Graph) -> Graph {
    guard hasScans else { return self }
    var known: [GraphBody: GraphBody] = [:]
    var transfer = GraphTransfer(from: self)
    for node in nodeIDs {
      guard op(of: node) == .scan else {
        transfer.copy(node)
        continue
      }
      var attributes = attributes(of: node)
      let body = attributes.body("body")
      let made = known[body] ?? GraphBody(change(body.graph))
      known[body] = made
      attributes["body"] = .body(made)
      transfer.copy(node, attributes: attributes)
    }
    return transfer.finish()
  }
}

extension GraphTransfer {
  /// Copies a node with other attributes that give results of the same types.
  package mutating func copy(_ node: NodeID, attributes: Attributes) {
    builder.origin = source.origin(of: node)
    let results = source.results(of: node)
    let made = builder.graph.appendUnchecked(
      source.op(of: node), copiedOperands(of: node), attributes,
      resultTypes: results.map { source.type(of: $0) }, origin: builder.origin)
    for (old, new) in zip(results, made) { replace(old, by: new) }
  }
}
