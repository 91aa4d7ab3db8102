import NetcCore
import NetcSyntax

extension Lowering {
  /// Replaces constants of the main file by what `--set` gives, each keeping the kind it has in the
  /// text.
  mutating func applySettings() {
    for (name, text) in options.settings {
      let file = sources.add(name: "--set \(name)", text: text)
      let parsed = parseExpression(file, in: sources)
      for diagnostic in parsed.diagnostics { report.add(diagnostic) }
      guard let expression = parsed.expression else { continue }
      guard let place = modules[0].constants[name] else {
        let near = suggestion(for: name, among: modules[0].constants.keys.sorted())
        fail(
          .settingUnknown, "the program has no constant `\(name)` to set", at: expression.range,
          help: near.map { ["did you mean `\($0)`?"] } ?? [])
        continue
      }
      set(place, expression)
    }
    // What was evaluated to learn the kinds may have used a value that was replaced afterwards.
    for place in constants.indices { constants[place].state = .untouched }
  }

  private mutating func set(_ place: Int, _ expression: Expression) {
    let written = constant(place)
    if written.isPoison { return }
    let name = constants[place].name
    constants[place].state = .untouched
    let original = constants[place].expression
    constants[place].expression = expression
    let given = constant(place)
    if given.isPoison { return }
    if isSameKind(written, given) {
      constants[place].isOverridden = true
      return
    }
    constants[place].expression = original
    constants[place].state = .known(written)
    fail(
      .settingKind,
      "`\(name.text)` is \(written.description) and cannot become \(given.description)",
      at: expression.range, notes: [Diagnostic.Label(name.range, "declared here")],
      help: ["`--set` keeps what kind of value a constant has"])
  }

  private func isSameKind(_ written: Value, _ given: Value) -> Bool {
    switch (written, given) {
    case (.number(.whole), .number(let number)): number.integer != nil
    case (.number(.real), .number), (.bool, .bool), (.string, .string), (.list, .list),
      (.range, .range):
      true
    default: false
    }
  }

  /// The constants of the main file with their values as text, in the order of the text.
  mutating func listConstants(_ unit: SourceUnit) {
    for statement in unit.statements {
      guard case .const(let declared) = statement.kind else { continue }
      for one in declared {
        guard let place = modules[0].constants[one.name.text] else { continue }
        guard let text = constant(place).literal else { continue }
        model.constants.append(
          ModelConstant(
            name: one.name.text, text: text, isOverridden: constants[place].isOverridden))
      }
    }
  }
}
