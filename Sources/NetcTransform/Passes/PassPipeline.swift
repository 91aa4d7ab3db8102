import NetcCore
package import NetcGraph

/// Passes in order, each with the reason for its place.
package struct PassPipeline: Sendable {
  /// One pass at one place.
  package struct Stage: Sendable {
    /// The pass's name, with a number from its second place on: `canonical-form`, `canonical-
    /// form-2`.
    package let label: String
    package let pass: Pass
    /// Why it stands here.
    package let reason: String
  }

  /// What a run gives.
  package struct Outcome: Sendable {
    package var graph: Graph
    /// The gradients that could not be taken.
    package var problems: [GradientProblem]
  }

  package let stages: [Stage]

  /// Passes with the reasons for their places.
  package init(_ passes: [(pass: Pass, reason: String)]) {
    var uses: [String: Int] = [:]
    stages = passes.map { pass, reason in
      let use = uses[pass.name, default: 0] + 1
      uses[pass.name] = use
      let label = use == 1 ? pass.name : "\(pass.name)-\(use)"
      return Stage(label: label, pass: pass, reason: reason)
    }
  }

  /// Applies the passes in order, to the stage labelled `until` at most; `after` sees each stage's
  /// result.
  ///
  /// A pass whose second run changes nothing is not run on a graph that is as it left it. With
  /// `verifies`, a pass that leaves a faulty graph ends the process with an internal error that
  /// names it.
  /// - Complexity: O(nodes) a pass.
  package func run(
    _ graph: Graph, until: String? = nil, verifies: Bool = false,
    after: (Stage, Graph) -> Void = { _, _ in }
  ) -> Outcome {
    var outcome = Outcome(graph: graph, problems: [])
    var changes = 0
    // By pass: how many changes there were when it had run.
    var settled: [String: Int] = [:]
    for stage in stages {
      if settled[stage.pass.name] != changes {
        if change(&outcome, stage.pass) {
          changes += 1
          if verifies { verify(outcome.graph, stage) }
        }
        if stage.pass.isIdempotent { settled[stage.pass.name] = changes }
      }
      after(stage, outcome.graph)
      if stage.label == until { break }
    }
    return outcome
  }

  /// Whether a pass changed anything.
  private func change(_ outcome: inout Outcome, _ pass: Pass) -> Bool {
    if pass.name == Pass.differentiate.name {
      guard outcome.graph.mayHoldGradients else { return false }
      let expanded = expandGradients(outcome.graph)
      outcome.graph = expanded.graph
      outcome.problems += expanded.problems
      return true
    }
    guard let graph = pass.changeThroughout(outcome.graph) else { return false }
    outcome.graph = graph
    return true
  }

  private func verify(_ graph: Graph, _ stage: Stage) {
    do throws(VerificationError) {
      try graph.verify()
    } catch {
      internalError("pass \(stage.label): \(error)")
    }
  }
}

/// The pipelines of netc. `keeps` says which bodies a runtime has a kernel for: calls of those stay
/// whole.
extension PassPipeline {
  /// A training step from the forward graph and its `grad` nodes.
  package static func training(
    keeps: @escaping @Sendable (GraphBody) -> Bool = { _ in false }
  ) -> PassPipeline {
    PassPipeline(
      forward(keeps: keeps)
        + [
          (.differentiate, "the forward part is stable and shared; no adjoint of dead code arises")
        ]
        + backward(keeps: keeps))
  }

  /// A graph without `grad` nodes: evaluation, initial values.
  package static func evaluation(
    keeps: @escaping @Sendable (GraphBody) -> Bool = { _ in false }
  ) -> PassPipeline {
    PassPipeline(forward(keeps: keeps) + backward(keeps: keeps))
  }

  /// Differentiation alone: the derived graph as a person reads it.
  package static let derivation = PassPipeline([
    (
      .inlineBeforeDifferentiation(),
      "functions without an adjoint are differentiated through their bodies"
    ),
    (.differentiate, "nothing is simplified: each node still names its rule"),
    (.dropIdentities, "what a `grad` named has served its purpose"),
    (.eliminateDeadCode, "rules may compute what no result needs"),
  ])

  private static func forward(
    keeps: @escaping @Sendable (GraphBody) -> Bool
  ) -> [(pass: Pass, reason: String)] {
    [
      (.eliminateDeadCode, "what no result needs is not worth a pass"),
      (
        .inlineBeforeDifferentiation(keeps: keeps),
        "calls with an adjoint or a kernel keep their identity for differentiation and selection"
      ),
      (.canonicalize, "the patterns below see one form"),
      (.foldConstants, "after neutral elements are gone; masks are never written out"),
      (.stabilize, "adjoints of an unstable form are never repaired"),
      (.mergeEqualValues, "adjoints are summed once per shared value"),
      (.eliminateDeadCode, "no adjoint of dead code"),
    ]
  }

  private static func backward(
    keeps: @escaping @Sendable (GraphBody) -> Bool
  ) -> [(pass: Pass, reason: String)] {
    [
      (
        .inlineAfterDifferentiation(keeps: keeps),
        "adjoints and forward parts share what they compute"
      ),
      (.canonicalize, "differentiation leaves products with one and identities"),
      (.foldConstants, "and operations on constants"),
      (.expandPowers, "their derivatives are taken; products fuse"),
      (.mergeEqualValues, "adjoints recompute forward expressions"),
      (.eliminateDeadCode, "the next pass must not see uses by dead code"),
      (.tidyLoops, "a derivative carries what it may not need"),
      (.storeForDerivatives, "bodies of a loop and its derivative still have the same form"),
      (.hoistFromLoops, "bodies are clean, and products that leave them are seen below"),
      (.mergeEqualValues, "a loop and its derivative hoist the same products"),
      (.sinkSums, "what is hoisted is at hand outside as a stack"),
      (.sinkOutputs, "the stacks that sums took are at hand outside"),
      (.tidyLoops, "operands that only moved expressions read"),
      (.eliminateDeadCode, "uses by dead code would hide that a product has one user"),
      (.canonicalize, "what loops gave up is spread and turned twice"),
      (.exchangeGathers, "loops have given their products up"),
      (.mergeEqualValues, "a table's derivatives take the same sums"),
      (.eliminateDeadCode, "uses by dead code would hide factors"),
      (.simplifyAlgebra, "factors of a chain rule meet; sums of what differentiation broadcast"),
      (.canonicalize, "signs and neutral elements that algebra left"),
      (.foldTransposes, "products are final, so their axes are"),
      (.maskFromResult, "equal masks are one; an epilogue then makes the result alone"),
      (.splitAxes, "transposes have met products; the next pass moves what keeps its shape"),
      (.channelsLast, "after transposes have met products; it decides which axes fusion runs over"),
      (.keepRowsInLoops, "no other pass may take rows out of loops again"),
      (.tidyLoops, "one sequence of indices may serve several tables"),
      (.mergeEqualValues, "the last time values may merge"),
      (.eliminateDeadCode, "transposes and factors that nothing reads"),
    ]
  }
}
