package import NetcCore
package import NetcGraph

/// A plan before its instructions are written: enough for reports of what it takes.
package struct PlanOutline: Sendable {
  /// How much memory the plan takes.
  package let memory: MemoryReport
  /// How many operations are computed a second time to take less memory.
  package let recomputedValues: Int
  let attempt: PlanAttempt
  /// Nodes, steps and buffers looked at.
  let visits: Int

  /// How many instructions a step has, END included.
  package var instructionCount: Int { attempt.draft.steps.count + 1 }

  /// Plans an optimised graph, which holds no `grad`.
  /// - Parameter bindings: the sizes of all symbolic dimensions.
  /// - Parameter batch: the examples of a step.
  /// - Throws: when a dimension is not bound, a tensor is too large or not in the layout.
  /// - Complexity: O(n log n) in the nodes.
  package init(
    graph: Graph, bindings: DimBindings, batch: Int = 1, layout: PersistentLayout,
    options: PlanOptions
  ) throws(PlanError) {
    var options = options
    func attempt(_ graph: Graph, _ fences: [Int]) throws(PlanError) -> PlanAttempt {
      try PlanAttempt(
        graph, fences: fences, bindings: bindings, batch: batch, layout: layout, options: options)
    }
    let graph = PlanPreparation.prepared(graph)
    let fences = Array(repeating: 0, count: graph.nodeCount)
    var found = try attempt(graph, fences)
    var visits = found.visits
    var recomputedInLoops = 0
    if let bytes = options.memory, found.total > bytes {
      options.mergesUpdates = false
      found = try attempt(graph, fences)
      visits += found.visits
      let budget = try MemoryBudget(bytes, from: found, bindings: bindings, make: attempt)
      visits += budget.visits
      recomputedInLoops = budget.recomputedInLoops
      found = budget.best
    }
    guard found.memory.report.temporaries <= PersistentLayout.largestSegment else {
      throw PlanError(
        "the step needs \(found.memory.report.temporaries) bytes of temporaries, more than 16 GiB")
    }
    memory = found.memory.finished(found.graph, layout: layout)
    if let bytes = options.memory, found.total > bytes {
      throw PlanError.memory(bytes, found: memory)
    }
    recomputedValues = found.graph.nodeCount - graph.nodeCount + recomputedInLoops
    self.attempt = found
    self.visits = visits
  }
}
