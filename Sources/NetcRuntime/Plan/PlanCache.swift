package import NetcCore
package import NetcGraph

/// The plans of one optimised graph by batch size: the full batch, the smaller last one.
package final class PlanCache {
  /// The graph planned.
  package let graph: Graph
  package let layout: PersistentLayout
  package let options: PlanOptions
  /// The symbol that a batch size binds; nil when the graph has none.
  package let symbol: String?
  private let bindings: DimBindings
  private var plans: [(batch: Int, loaded: LoadedPlan)] = []
  private static let capacity = 4

  /// - Parameter bindings: the other symbolic dimensions.
  package init(
    graph: Graph, layout: PersistentLayout, options: PlanOptions, symbol: String? = "batch",
    bindings: DimBindings = [:]
  ) {
    self.graph = graph
    self.layout = layout
    self.options = options
    self.symbol = symbol
    self.bindings = bindings
  }

  /// The sizes of all symbols at a batch size.
  package func bindings(batch: Int) -> DimBindings {
    var result = bindings
    if let symbol { result[symbol] = batch }
    return result
  }

  /// The plan for a batch size, made at first use.
  package func plan(batch: Int) throws(PlanError) -> Plan { try loaded(batch: batch).plan }

  /// The plan for a batch size in memory, made at first use.
  func loaded(batch: Int) throws(PlanError) -> LoadedPlan {
    if let known = plans.first(where: { $0.batch == batch }) { return known.loaded }
    let plan = try Plan(
      graph: graph, bindings: bindings(batch: batch), batch: batch, layout: layout,
      options: options)
    let loaded = LoadedPlan(plan)
    if plans.count == PlanCache.capacity { plans.removeFirst() }
    plans.append((batch, loaded))
    return loaded
  }
}
