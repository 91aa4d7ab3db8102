extension Graph {
  /// The graph with the bodies of composites in place of their calls, inner calls and
  /// those in the bodies of loops included.
  ///
  /// - Parameter shouldInline: which composites, by their attributes; bodies of the others stay as
  ///   they are.
  /// - Complexity: O(nodes of the result); a body called several times is expanded once.
  package func inliningComposites(where shouldInline: (Attributes) -> Bool = { _ in true }) -> Graph
  {
    var expanded: [GraphBody: GraphBody] = [:]
    let graph = inliningComposites(where: shouldInline, expanded: &expanded)
    return graph.mappingScanBodies { $0.inliningComposites(where: shouldInline) } ?? graph
  }

  private func inliningComposites(
    where shouldInline: (Attributes) -> Bool, expanded: inout [GraphBody: GraphBody]
  ) -> Graph {
    var transfer = GraphTransfer(from: self)
    for node in nodeIDs {
      guard op(of: node) == .composite else {
        transfer.copy(node)
        continue
      }
      let attributes = attributes(of: node)
      guard shouldInline(attributes) else {
        transfer.copy(node)
        continue
      }
      let body = Self.expansion(
        of: attributes.body("body"), where: shouldInline, expanded: &expanded)
      transfer.builder.origin = origin(of: node)
      let made = GraphTransfer.inline(
        body, operands: operands(of: node).map { transfer[$0] }, into: &transfer.builder)
      for (old, new) in zip(results(of: node), made) { transfer.replace(old, by: new) }
    }
    return transfer.finish()
  }

  private static func expansion(
    of body: GraphBody, where shouldInline: (Attributes) -> Bool,
    expanded: inout [GraphBody: GraphBody]
  ) -> GraphBody {
    let graph = body.graph
    guard graph.operations.contains(.composite) else { return body }
    if let known = expanded[body] { return known }
    let made = GraphBody(graph.inliningComposites(where: shouldInline, expanded: &expanded))
    expanded[body] = made
    return made
  }
}
