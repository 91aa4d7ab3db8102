import NetcCore
import NetcGraph

/// Makes a plan of a graph.
enum Planner {
  static func fill(
    _ plan: inout Plan, from graph: Graph, bindings: DimBindings
  ) throws(PlanError) {
  }
}
