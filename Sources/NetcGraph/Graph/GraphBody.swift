/// The graph inside a node: the decomposition of a composite or the body of a scan. Immutable and
/// shared.
///
/// Its free values are `argument` nodes only; its results have the role `.result`, in order.
package final class GraphBody: Sendable {
  /// The graph.
  package let graph: Graph
  private let fingerprint: Int

  /// Wraps a finished graph.
  /// - Complexity: O(nodes), once, for the fingerprint.
  package init(_ graph: Graph) {
    self.graph = graph
    var hasher = Hasher()
    for node in graph.nodeIDs {
      let record = graph[node]
      hasher.combine(record.op)
      hasher.combine(graph.attributes(of: node))
      for operand in graph.operands(of: node) { hasher.combine(operand) }
    }
    for result in graph.results { hasher.combine(result.value) }
    fingerprint = hasher.finalize()
  }
}

extension GraphBody: Hashable {
  /// Equal when node by node the same operations, attributes, operands and types; names and origins
  /// do not count.
  package static func == (a: GraphBody, b: GraphBody) -> Bool {
    if a === b { return true }
    return a.fingerprint == b.fingerprint && a.graph.isStructurallyEqual(to: b.graph)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}
