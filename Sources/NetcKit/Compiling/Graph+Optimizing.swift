import NetcGraph
import NetcRuntime
import NetcTransform

extension Graph {
  /// The graph as it is planned: differentiated and optimised, with only the results of some roles;
  /// calls that an instruction computes stay whole.
  ///
  /// Evaluation goes the same way, because a metric may ask for a gradient.
  /// - Parameter until: the label of the last pass; nil for all.
  func optimized(
    _ roles: [GraphResult.Role], until: String? = nil, verifies: Bool = false
  ) -> Graph {
    TrainingStep.training(
      self, roles: roles, keeps: CompositeClaims.claims, until: until, verifies: verifies
    ).graph
  }
}

extension [GraphResult.Role] {
  /// What a training step computes.
  static let step: Self = [.loss, .update]
  /// What an evaluation pass computes.
  static let pass: Self = [.loss, .metric, .output]
  /// What a single run of the derivative computes.
  static let derivative: Self = [.loss, .output, .gradient]
}
