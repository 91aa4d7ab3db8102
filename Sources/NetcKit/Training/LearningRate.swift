import NetcGraph
import NetcTransform

/// The learning rate as a function of completed steps, cut out of the training graph.
struct LearningRate: Sendable {
  private let graph: Graph?

  /// Nil everywhere when no rule has an argument `lr`.
  init(_ compiled: CompiledModel) {
    var graph = compiled.derived
    graph.results = graph.results.filter { $0.role == .watched && $0.name == "learning_rate" }
    self.graph = graph.results.isEmpty ? nil : Pass.eliminateDeadCode.apply(graph)
  }

  /// The rate that the latest of `steps` steps was taken with.
  func value(afterSteps steps: Int) -> Double? {
    guard let graph, let result = graph.results.first else { return nil }
    let hosted = graph.hostScalars()
    guard hosted[result.value.index] else { return nil }
    let context = EvaluationContext(step: max(0, steps - 1))
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
    return values[result.value.index].floats.first
  }
}
