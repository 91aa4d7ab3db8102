extension Graph {
  /// Whether any node is a loop.
  package var hasScans: Bool { operations.contains(.scan) }

  /// The graph with the body of each loop replaced by what `change` makes of it, which has the same
  /// results; nil when it leaves every body as it is.
  /// - Complexity: O(nodes) beside `change`, which is asked once for equal bodies.
  package func mappingScanBodies(_ change: (Graph) -> Graph?) -> Graph? {
    guard hasScans else { return nil }
    var known: [GraphBody: GraphBody] = [:]
    var isChanged = false
    for node in nodeIDs where op(of: node) == .scan {
      let body = attributes(of: node).body("body")
      if known[body] != nil { continue }
      let made = change(body.graph)
      known[body] = made.map { GraphBody($0) } ?? body
      isChanged = isChanged || made != nil
    }
    if !isChanged { return nil }
    var transfer = GraphTransfer(from: self)
    for node in nodeIDs {
      guard op(of: node) == .scan else {
        transfer.copy(node)
        continue
      }
      var attributes = attributes(of: node)
      let body = attributes.body("body")
      attributes["body"] = .body(known[body] ?? body)
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
