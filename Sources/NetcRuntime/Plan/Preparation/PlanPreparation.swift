import NetcGraph

/// What is done to a graph before instructions are selected: it changes no value.
enum PlanPreparation {
  /// - Complexity: O(nodes of the result).
  static func prepared(_ graph: Graph) -> Graph {
    RectifierMasks.fromResults(ChannelChains.folded(CompositeInlining.inlined(graph)))
  }
}
