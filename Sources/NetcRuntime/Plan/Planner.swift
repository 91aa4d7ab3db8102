import CNetc
import NetcCore
import NetcGraph

/// Makes a plan of a graph: instructions, their order, their addresses.
enum Planner {
  static func fill(
    _ plan: inout Plan, from graph: Graph, bindings: DimBindings
  ) throws(PlanError) {
    let (layout, batch, options) = (plan.layout, plan.batch, plan.options)
    func attempt(_ graph: Graph, _ fences: [Int]) throws(PlanError) -> PlanAttempt {
      try PlanAttempt(
        graph, fences: fences, bindings: bindings, batch: batch, layout: layout, options: options)
    }
    let graph = PlanPreparation.prepared(graph)
    var found = try attempt(graph, Array(repeating: 0, count: graph.nodeCount))
    plan.visits = found.visits
    if let bytes = options.memory, found.total > bytes {
      let budget = try MemoryBudget(bytes, from: found, bindings: bindings, make: attempt)
      plan.visits += budget.visits
      plan.recomputedValues = budget.best.graph.nodeCount - graph.nodeCount
      found = budget.best
    }
    guard found.memory.report.temporaries <= PersistentLayout.largestSegment else {
      throw PlanError(
        "the step needs \(found.memory.report.temporaries) bytes of temporaries, more than 16 GiB")
    }
    plan.memory = found.memory.finished(found.graph, layout: layout)
    if let bytes = options.memory, found.total > bytes {
      throw PlanError.memory(bytes, found: plan.memory)
    }
    let encoder = Encoder(
      found.draft, order: found.order, offsets: found.memory.offsets, graph: found.graph,
      layout: layout)
    encoder.fill(&plan)
  }
}
