package import NetcCore
package import NetcGraph

/// A graph's plan with memory of its own, to check and time it on one thread.
package final class PlanProbe {
  private let executor: Executor
  private let plan: LoadedPlan

  /// Plans a graph without inputs whose parameters have these numbers.
  /// - Parameter set: the instruction set, as `KernelProbe.bestSet` counts them.
  /// - Throws: when the graph cannot be planned or numbers do not fit a parameter.
  package init(
    _ graph: Graph, _ numbers: [(name: String, tensor: Tensor)], _ precision: Precision, set: Int
  ) throws {
    let layout = try PersistentLayout(of: [graph], bindings: [:], precision: precision)
    executor = Executor(layout: layout, threads: 1, isa: set)
    plan = LoadedPlan(
      try Plan(graph: graph, bindings: [:], layout: layout, options: PlanOptions(.once)))
    for (name, tensor) in numbers where layout[name] != nil { try executor.load(name, tensor) }
  }

  /// Runs the plan, `times` times.
  package func run(times: Int = 1) { executor.run(plan, times: times) }

  /// The results as the last run left them, in the order of the graph's.
  package var results: [Tensor] { executor.results(of: plan).entries.map(\.tensor) }
}
