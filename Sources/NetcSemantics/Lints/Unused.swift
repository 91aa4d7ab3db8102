import NetcCore
import NetcSyntax

extension Lowering {
  /// Warns of what the main file declares and nowhere mentions.
  ///
  /// Derivatives (`d_NAME`) and evaluation's own values (`eval.NAME`) of a derived program are left
  /// alone.
  mutating func lintUnused(_ unit: SourceUnit) {
    let mentions = Mentions(unit.statements)
    let paths = mentions.values.union(mentions.callees)
    let heads = Set(paths.map { String($0.prefix { $0 != "." }) })
    for statement in unit.statements {
      switch statement.kind {
      case .const(let declared):
        for one in declared where !heads.contains(one.name.text) {
          warn("constant", one.name, help: "drop it, or use it")
        }
      case .function(let definition), .layer(let definition), .rule(let definition):
        if !heads.contains(definition.name.text) {
          warn("definition", definition.name, help: "apply it, or drop it")
        }
      case .instance(let name, _):
        if !heads.contains(name.text) { warn("layer", name, help: "apply it, or drop it") }
      case .input(let name, _):
        if !heads.contains(name.text) {
          fail(
            .unusedInput, "nothing uses the input `\(name.text)`", at: name.range,
            help: ["drop it, and what feeds it"])
        }
      case .let(let binding), .var(let binding):
        for path in binding.names where !paths.contains(path.text) && !isDerived(path.text) {
          fail(
            .unusedValue, "nothing uses `\(path.text)`", at: path.range,
            help: ["drop it, or make it an `output`"])
        }
      default: break
      }
    }
  }

  private func isDerived(_ name: String) -> Bool {
    name.hasPrefix("d_") || name.hasPrefix("eval.") || name.hasPrefix("_")
  }

  private mutating func warn(_ word: String, _ name: Name, help: String) {
    fail(.unusedDefinition, "nothing uses the \(word) `\(name.text)`", at: name.range, help: [help])
  }

  /// Reports free names in the types of inputs that look like a misspelt constant.
  mutating func lintDimensions(_ unit: SourceUnit) {
    var places: [String: [SourceRange]] = [:]
    var order: [String] = []
    for case .input(_, let type) in unit.statements.map(\.kind) {
      for dimension in type.dimensions ?? [] {
        guard case .size(let expression) = dimension.kind, case .path(let path) = expression.kind
        else { continue }
        if places[path.text] == nil { order.append(path.text) }
        places[path.text, default: []].append(path.range)
      }
    }
    let constants = modules[0].constants.keys.sorted()
    for name in order where name.count >= 4 && name != "batch" && name != "time" {
      guard modules[0].constants[name] == nil, let found = places[name], found.count == 1,
        let near = suggestion(for: name, among: constants)
      else { continue }
      fail(
        .misspeltDimension, "`\(name)` is a free dimension, and there is a constant `\(near)`",
        at: found[0], help: ["did you mean `\(near)`?"],
        fixes: [Diagnostic.Fix(found[0], near)])
      // From here on it is what was meant, so that nothing follows from the slip.
      modules[0].constants[name] = modules[0].constants[near]
    }
  }
}
