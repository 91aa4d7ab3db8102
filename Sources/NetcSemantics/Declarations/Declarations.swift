import NetcSyntax

extension Lowering {
  /// What must be known of `data` before the program is lowered: which inputs are standardised.
  mutating func declareData(_ unit: SourceUnit) {
    standardized = standardizedInputs(unit.statements)
  }

  /// What is said of the program once both graphs stand: data sets, training options, constants.
  mutating func finishDeclarations(_ unit: SourceUnit) {
    frame = Frame(.top, module: 0)
    listConstants(unit)
    if report.errorCount == 0, doubt.isEmpty { lintUnused(unit) }
    for statement in unit.statements {
      if case .data(let name, let reader, let arguments) = statement.kind {
        declareData(name, reader: reader, arguments, range: statement.range)
      }
    }
    for statement in unit.statements {
      if case .train(let arguments) = statement.kind {
        declareTrain(arguments, range: statement.range)
      }
    }
    lintSchedules(unit)
  }
}
