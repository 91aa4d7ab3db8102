import NetcCore
import NetcGraph

/// A graph with its instructions chosen, ordered and placed, before they are encoded.
struct PlanAttempt: Sendable {
  /// The graph as it is planned.
  let graph: Graph
  /// For each node, the node before which it must not be computed: 0 but for values computed again.
  let fences: [Int]
  let draft: Draft
  let memory: MemoryPlanner
  /// All bytes the plan will live in: the persistent segment, temporaries and constants.
  let total: Int
  /// Nodes, steps and buffers looked at.
  let visits: Int

  /// The steps of the draft in order: it is in the order of execution.
  var order: [Int] { Array(draft.steps.indices) }

  /// - Throws: when a dimension is not bound or a tensor is too large.
  /// - Complexity: O(n log n) in the nodes.
  init(
    _ graph: Graph, fences: [Int], bindings: DimBindings, batch: Int, layout: PersistentLayout,
    options: PlanOptions
  ) throws(PlanError) {
    self.graph = graph
    self.fences = fences
    let analysis = try GraphAnalysis(graph, fences: fences, bindings: bindings, options: options)
    var selector = Selector(
      graph: graph, bindings: bindings, layout: layout, options: options, batch: batch,
      analysis: analysis)
    try selector.run()
    ProductEpilogues.place(&selector.draft, precision: layout.precision)
    if options.keepsWeights { WeightKeeping.move(&selector.draft) }
    UpdatePlacement.place(&selector.draft, precision: layout.precision)
    let scheduler = Scheduler(selector.draft, precision: layout.precision)
    var draft = LoopFlattening.flattened(scheduler.draft, order: scheduler.order)
    if options.mergesUpdates, !options.separateBuffers {
      AdjacentUpdates.merge(&draft, layout: layout)
    }
    WorkSharing.decide(&draft, options)
    self.draft = draft
    memory = MemoryPlanner(
      draft, order: Array(draft.steps.indices), separate: options.separateBuffers)
    total = layout.bytes + memory.report.temporaries + draft.constants.count * 8 + draft.keptBytes
    visits =
      analysis.visits + selector.groups.visits + selector.visits + scheduler.visits
      + memory.visits
  }
}
