package import NetcGraph

/// The graphs a runtime plans: one static training step, and evaluation.
package enum TrainingStep {
  /// The optimised step: forward part, gradients and updates.
  ///
  /// `graph` is the forward graph of training with its `grad` nodes; results of other roles than
  /// `roles` are left out with what only they need. `keeps` says which bodies the runtime has a
  /// kernel for.
  package static func training(
    _ graph: Graph, roles: [GraphResult.Role] = [.loss, .update, .gradient, .watched],
    keeps: @escaping @Sendable (GraphBody) -> Bool = { _ in false }, until: String? = nil,
    verifies: Bool = false, after: (PassPipeline.Stage, Graph) -> Void = { _, _ in }
  ) -> PassPipeline.Outcome {
    PassPipeline.training(keeps: keeps)
      .run(graph.keeping(roles), until: until, verifies: verifies, after: after)
  }

  /// The optimised graph of an evaluation pass: losses, metrics and outputs without derivatives.
  package static func evaluation(
    _ graph: Graph, roles: [GraphResult.Role] = [.loss, .metric, .output],
    keeps: @escaping @Sendable (GraphBody) -> Bool = { _ in false }, until: String? = nil,
    verifies: Bool = false, after: (PassPipeline.Stage, Graph) -> Void = { _, _ in }
  ) -> Graph {
    PassPipeline.evaluation(keeps: keeps)
      .run(graph.keeping(roles), until: until, verifies: verifies, after: after).graph
  }
}

extension Graph {
  /// The graph with only the results of some roles.
  fileprivate func keeping(_ roles: [GraphResult.Role]) -> Graph {
    var graph = self
    graph.results = results.filter { roles.contains($0.role) }
    return graph
  }
}
