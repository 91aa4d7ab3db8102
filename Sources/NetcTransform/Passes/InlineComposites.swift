package import NetcGraph

extension Pass {
  /// Replaces calls by their bodies before differentiation, but those with an adjoint and those
  /// `keeps` claims.
  package static func inlineBeforeDifferentiation(
    keeps: @escaping @Sendable (GraphBody) -> Bool = { _ in false }
  ) -> Pass {
    Pass(
      name: "inline-functions",
      summary:
        "replaces calls that have neither an adjoint nor a kernel by their bodies; \(inliningKeeps)",
      keeps: .bits, isIdempotent: true
    ) { graph in
      inlined(graph) { $0["adjoint"] != nil || keeps($0.body("body")) }
    }
  }

  /// Replaces calls by their bodies after differentiation, but those `keeps` claims.
  package static func inlineAfterDifferentiation(
    keeps: @escaping @Sendable (GraphBody) -> Bool = { _ in false }
  ) -> Pass {
    Pass(
      name: "inline-calls",
      summary: "replaces calls that have no kernel by their bodies; \(inliningKeeps)", keeps: .bits,
      isIdempotent: true
    ) { graph in
      inlined(graph) { keeps($0.body("body")) }
    }
  }
}

private let inliningKeeps =
  "keeps bits in double; in single, numbers of rank 0 that become computable before the step are rounded later"

/// The graph with bodies in place of calls, but those that `keeps` claims; nil without any.
private func inlined(_ graph: Graph, keeps: (Attributes) -> Bool) -> Graph? {
  guard graph.operations.contains(.composite) else { return nil }
  let isCalled = graph.nodeIDs.contains {
    graph.op(of: $0) == .composite && !keeps(graph.attributes(of: $0))
  }
  PassMeter.add(graph.nodeCount)
  if !isCalled { return nil }
  let transfer = CompositeInliner.inline(graph) {
    !keeps(graph.attributes(of: $0))
  } keepsInside: {
    keeps($0)
  }
  return transfer.finish()
}
