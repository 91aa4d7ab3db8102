import NetcCore
import NetcGraph

/// An update w ← w ∓ factor · g whose step g is a sum that nothing else reads: its instruction adds
/// to the parameter's memory, and g is never stored. `ProductSum` does so for products.
struct AccumulatedUpdate {
  /// The sum.
  let step: NodeID
  /// The name of the persistent tensor.
  let name: String
  /// The nodes that the instruction stands for beside `step`.
  let absorbed: [NodeID]
  /// The number that multiplies the step, if any.
  let factor: ValueID?
  /// -1 where the step is subtracted.
  let sign: Double

  /// - Returns: nil unless the result is such an update.
  init?(_ graph: borrowing Graph, _ result: GraphResult, _ analysis: borrowing GraphAnalysis) {
    let value = analysis.source[result.value.index]
    guard result.role == .update, analysis.users.of(value).isEmpty,
      graph.op(of: value) == .subtract || graph.op(of: value) == .add
    else { return nil }
    let node = graph.node(of: value)
    let operands = analysis.operands(node)
    guard Self.isTensor(graph, operands[0], result.name), operands[1] != operands[0] else {
      return nil
    }
    sign = graph.op(of: value) == .subtract ? -1 : 1
    name = result.name
    guard Self.isOnlyHere(operands[1], analysis) else { return nil }
    guard graph.op(of: operands[1]) == .multiply else {
      step = graph.node(of: operands[1])
      factor = nil
      absorbed = [node]
      if !Self.accumulates(graph, step, analysis) { return nil }
      return
    }
    let product = graph.node(of: operands[1])
    let factors = analysis.operands(product)
    guard let place = factors.firstIndex(where: { analysis.isUniform(graph, $0) }),
      Self.isOnlyHere(factors[1 - place], analysis)
    else { return nil }
    factor = factors[place]
    step = graph.node(of: factors[1 - place])
    absorbed = [product, node]
    if !Self.accumulates(graph, step, analysis) { return nil }
  }

  private static func isTensor(_ graph: Graph, _ value: ValueID, _ name: String) -> Bool {
    (graph.op(of: value) == .parameter || graph.op(of: value) == .state)
      && graph.attributes(of: graph.node(of: value)).text("name") == name
  }

  private static func isOnlyHere(_ value: ValueID, _ analysis: GraphAnalysis) -> Bool {
    analysis.users.of(value).count == 1 && !analysis.isResult[value.index]
  }

  /// Whether an instruction of its own computes a step and may add it up: a sum of more than one
  /// number, of a value that is no persistent tensor, since that may change first.
  private static func accumulates(
    _ graph: Graph, _ step: NodeID, _ analysis: GraphAnalysis
  ) -> Bool {
    let operands = analysis.operands(step)
    guard graph.type(of: graph.result(of: step)).element == .float,
      analysis.source[graph.result(of: step).index] == graph.result(of: step),
      !analysis.isAbsorbed[step.index],
      operands.allSatisfy({ !isPersistent(graph, $0, analysis) && !analysis.isFree[$0.index] })
    else { return false }
    let sizes = operands.map { analysis.sizes[Int(graph.typeNumber(of: $0))] }
    switch graph.op(of: step) {
    case .reduceSum:
      let axes = graph.attributes(of: step).ints("axes")
      return axes.allSatisfy { sizes[0][$0] > 0 } && axes.contains { sizes[0][$0] > 1 }
    default: return false
    }
  }

  /// Whether a value is a persistent tensor, perhaps rearranged.
  private static func isPersistent(
    _ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis
  ) -> Bool {
    var value = analysis.source[value.index]
    while views.contains(graph.op(of: value)),
      let operand = graph.operands(of: graph.node(of: value)).first
    { value = analysis.source[operand.index] }
    return graph.op(of: value) == .parameter || graph.op(of: value) == .state
  }

  private static let views: OperationSet = [
    .transpose, .reshape, .slice, .reverse, .broadcastInDim, .identity, .stopGradient,
  ]
}
