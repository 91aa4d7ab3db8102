import NetcCore
package import NetcGraph

extension Graph {
  /// A training step whose losses and gradients are means over equal slices of the batch, computed
  /// one after another in a loop: the memory of a step is that of a slice.
  ///
  /// `batch` names the first dimension of the fed inputs, of which every slice has one of `slices`
  /// parts. Draws are those of the whole batch. Assigned states that depend on the data go from
  /// slice to slice; everything else sees the whole batch. A graph without gradients of its losses
  /// stays as it is.
  /// - Complexity: O(nodes).
  package func accumulating(_ slices: Int, batch: String) -> Graph {
    let plan = SlicePlan(self, batch: batch)
    if slices < 2 || plan.gradients.isEmpty { return self }
    var step = SlicedStep(self, plan, slices: slices, batch: batch)
    return step.graph()
  }
}

/// What of a step is computed slice by slice.
struct SlicePlan {
  /// The losses that depend on the batch, each once.
  private(set) var losses: [ValueID] = []
  /// The `grad` nodes of such a loss in a value without the batch.
  private(set) var gradients: [NodeID] = []
  /// The states with a next value that depends on the batch: the leaf's name and that value.
  private(set) var states: [GraphResult] = []
  /// By `NodeID.index`: what the above need.
  private(set) var isInside: [Bool]

  init(_ graph: Graph, batch: String) {
    let dependsOnBatch = Self.dependence(graph, batch) { _ in false }
    for result in graph.results(.loss)
    where dependsOnBatch[result.value.index] && !losses.contains(result.value) {
      losses.append(result.value)
    }
    for node in graph.nodeIDs where graph.op(of: node) == .grad {
      let operands = Array(graph.operands(of: node))
      if losses.contains(operands[0]), !dependsOnBatch[operands[1].index] { gradients.append(node) }
    }
    var isMean = [Bool](repeating: false, count: graph.nodeCount)
    for loss in losses { isMean[graph.node(of: loss).index] = true }
    for node in gradients { isMean[node.index] = true }
    let dependsDirectly = Self.dependence(graph, batch) { isMean[$0.index] }
    let names = Set(
      graph.nodeIDs.lazy.filter { graph.op(of: $0) == .state }
        .map { graph.attributes(of: $0).text("name") })
    states = graph.results(.update).filter {
      names.contains($0.name) && dependsDirectly[$0.value.index]
    }
    isInside = Array(repeating: false, count: graph.nodeCount)
    let targets = gradients.flatMap { graph.operands(of: $0) }
    for value in losses + targets + states.map(\.value) {
      isInside[graph.node(of: value).index] = true
    }
    for node in graph.nodeIDs.reversed() where isInside[node.index] {
      for operand in graph.operands(of: node) { isInside[graph.node(of: operand).index] = true }
    }
  }

  /// By `ValueID.index`: whether a value depends on the examples of the batch or on their number,
  /// results of some nodes set aside.
  private static func dependence(
    _ graph: Graph, _ batch: String, except isMean: (NodeID) -> Bool
  ) -> [Bool] {
    var result = [Bool](repeating: false, count: graph.valueCount)
    for node in graph.nodeIDs where !isMean(node) {
      let isSize = graph.op(of: node) == .dimension
      let names = isSize ? graph.attributes(of: node).dim("expression").symbols : []
      let depends =
        names.contains(batch) || graph.operands(of: node).contains { result[$0.index] }
        || graph.results(of: node).contains { graph.type(of: $0).shape.mentions(batch) }
      for value in graph.results(of: node) { result[value.index] = depends }
    }
    return result
  }
}

extension Shape {
  /// Whether a symbol is in one of the dimensions.
  func mentions(_ symbol: String) -> Bool { dims.contains { $0.symbols.contains(symbol) } }
}
