package import NetcCore
import NetcGraph
package import NetcSyntax

/// Settings of a compilation that come from outside the program.
package struct AnalysisOptions: Sendable {
  /// `--set NAME=EXPRESSION`, in order.
  package var settings: [(name: String, expression: String)] = []
  /// Finds an imported file from its path and the name of the file that imports it.
  package var resolveImport: @Sendable (_ path: String, _ importer: String) -> ImportResolution =
    { _, _ in .missing(reason: "there are no files here") }

  package init() {}
}

/// Turns a program into its graphs.
///
/// Files of the standard library that the program needs are added to `sources`. The model is nil
/// when there are errors.
/// - Complexity: linear in the program once its loops and calls are unrolled, which is bounded.
package func analyze(
  _ unit: SourceUnit, sources: inout SourceMap, options: AnalysisOptions
) -> (model: Model?, diagnostics: [Diagnostic]) {
  let given = sources
  let lowering = DeepStack.run {
    var lowering = Lowering(sources: given, options: options)
    lowering.analyze(unit)
    return lowering
  }
  sources = lowering.sources
  let hasErrors = lowering.report.errorCount > 0 || !unit.doubt.isEmpty
  return (hasErrors ? nil : lowering.model, lowering.report.diagnostics)
}

extension Lowering {
  /// Lowers the program twice and keeps the graphs in the model.
  fileprivate mutating func analyze(_ unit: SourceUnit) {
    doubt = unit.doubt
    if doubt.isEverywhere { return }
    modules = [Module(isStandard: false), Module(isStandard: true)]
    declare(unit, module: 0)
    applySettings()
    lintDimensions(unit)
    let differentiated = Mentions(unit.statements).differentiated
    declareData(unit)
    lower(unit, training: true, differentiated)
    lintNormalisation()
    lowerOptimizers()
    finishTraining()
    lower(unit, training: false, differentiated)
    model.evaluation = b.graph
    model.initial = initial.builder.graph
    finishDeclarations(unit)
  }

  /// Lowers the statements of the top level into a new graph.
  private mutating func lower(
    _ unit: SourceUnit, training: Bool, _ differentiated: Set<String>
  ) {
    isTraining = training
    b = GraphBuilder()
    graph = newGraphNumber()
    programGraph = graph
    work.inner = 0
    instances = []
    topInstances = [:]
    madeInstances = [:]
    parameters.forgetValues()
    stateValues = [:]
    stateOrder = []
    losses = []
    updates = []
    deferred = []
    frame = Frame(.top, module: 0)
    frame.differentiated = differentiated
    run(unit.statements)
  }

  /// Keeps what the training step leaves: the next values of parameters and states.
  private mutating func finishTraining() {
    for record in updates {
      b.graph.results.append(GraphResult(.update, record.name, record.value.id))
    }
    for name in stateOrder {
      guard let state = stateValues[name], state.isAssigned, !frozenStates.contains(name) else {
        continue
      }
      if updates.contains(where: { $0.name == name }) {
        fail(
          .updateTwice, "the state `\(name)` is assigned and has an `update`", at: state.range,
          help: ["keep one of the two"])
        continue
      }
      b.graph.results.append(GraphResult(.update, name, state.value.id))
    }
    model.training = b.graph
  }
}
