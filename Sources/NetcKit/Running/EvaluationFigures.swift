import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics

extension CompiledModel {
  /// The losses a run added up, averaged over its examples.
  func losses(of figures: Figures) -> [Figure] {
    model.losses.compactMap { name in
      figures.mean(.loss, name).map { Figure(name: name, value: $0) }
    }
  }

  /// Losses and metrics over a pass: means weighted by examples, totals finished once.
  func evaluationFigures(of figures: Figures) -> [Figure] {
    losses(of: figures)
      + model.metrics.compactMap { metric in
        switch metric.combination {
        case .mean: figures.mean(.metric, metric.name).map { Figure(name: metric.name, value: $0) }
        case .total(let accumulated, let finish):
          finished(metric.name, accumulated, finish, figures)
        }
      }
  }

  private func finished(
    _ name: String, _ accumulated: [String], _ finish: GraphBody, _ figures: Figures
  ) -> Figure? {
    let totals = accumulated.compactMap { figures.total($0) }
    guard totals.count == accumulated.count else { return nil }
    let interpreter = ReferenceInterpreter<Double>(context: EvaluationContext())
    let results = interpreter.evaluate(finish, arguments: totals.map { ReferenceTensor($0) })
    return results.first.map { Figure(name: name, tensor: $0.tensor) }
  }
}
