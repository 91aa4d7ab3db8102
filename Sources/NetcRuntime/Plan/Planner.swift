import CNetc
import NetcCore
import NetcGraph

/// Makes a plan of a graph: instructions, their order, their addresses.
enum Planner {
  static func fill(
    _ plan: inout Plan, from graph: Graph, bindings: DimBindings
  ) throws(PlanError) {
    let graph = PlanPreparation.prepared(graph)
    let analysis = try GraphAnalysis(graph, bindings: bindings, options: plan.options)
    var selector = Selector(
      graph: graph, bindings: bindings, layout: plan.layout, options: plan.options,
      batch: plan.batch, analysis: analysis)
    try selector.run()
    UpdatePlacement.place(&selector.draft, precision: plan.layout.precision)
    let scheduler = Scheduler(selector.draft, precision: plan.layout.precision)
    let draft = LoopFlattening.flattened(scheduler.draft, order: scheduler.order)
    let order = Array(draft.steps.indices)
    let memory = MemoryPlanner(draft, order: order, separate: plan.options.separateBuffers)
    guard memory.report.temporaries <= PersistentLayout.largestSegment else {
      throw PlanError(
        "the step needs \(memory.report.temporaries) bytes of temporaries, more than 16 GiB")
    }
    plan.memory = memory.finished(graph, layout: plan.layout)
    plan.visits =
      analysis.visits + selector.groups.visits + selector.visits + scheduler.visits
      + memory.visits
    Encoder(draft, order: order, offsets: memory.offsets, graph: graph).fill(
      &plan)
  }
}
