import NetcCore
import NetcSyntax

extension Lowering {
  /// Warns of what the main file declares and nothing that counts uses.
  ///
  /// Derivatives (`d_NAME`), evaluation's own values (`eval.NAME`) of a derived program and names
  /// that begin with `_` are left alone.
  mutating func lintUnused(_ unit: SourceUnit) {
    reportUnused(Usage(unit.statements))
    for statement in unit.statements {
      switch statement.kind {
      case .function(let definition), .layer(let definition), .rule(let definition):
        lintBody(definition)
      default: break
      }
    }
  }

  private mutating func lintBody(_ definition: Definition) {
    let usage = Usage(definition.body.statements)
    reportUnused(usage)
    let signature = Mentions(definition.signature).values
    for parameter in definition.signature.parameters {
      let name = parameter.name.text
      if usage.isAlive(name) || signature.contains(name) || isDerived(name) { continue }
      if usage.declares(name) { continue }
      fail(
        .unusedArgument, "`\(definition.name.text)` does not use its argument `\(name)`",
        at: parameter.name.range, help: ["use it, drop it, or call it `_\(name)`"])
    }
  }

  private mutating func reportUnused(_ usage: Usage) {
    for declared in usage.unused where !isDerived(declared.name) {
      let name = declared.name
      let who = declared.isMentioned ? "only unused values use" : "nothing uses"
      switch declared.sort {
      case .value(let statement):
        fail(
          .unusedValue, "\(who) `\(name)`", at: declared.range,
          help: ["drop it, or make it an `output`"],
          fixes: statement.map { [removal(of: $0)] } ?? [])
      case .input:
        fail(
          .unusedInput, "\(who) the input `\(name)`", at: declared.range,
          help: ["drop it, and what feeds it"])
      case .definition(let word):
        let help = word == "constant" ? "drop it, or use it" : "apply it, or drop it"
        fail(.unusedDefinition, "\(who) the \(word) `\(name)`", at: declared.range, help: [help])
      }
    }
  }

  /// A fix-it that takes a statement away, with its line when nothing else stands there.
  private func removal(of range: SourceRange) -> Diagnostic.Fix {
    let bytes = sources[range.file].utf8
    var start = Int(range.start)
    var end = Int(range.end)
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 || bytes[end] == 0x0D {
      end += 1
    }
    let isAlone =
      (start == 0 || bytes[start - 1] == 0x0A) && (end == bytes.count || bytes[end] == 0x0A)
    guard isAlone else { return Diagnostic.Fix(range, "") }
    let whole = SourceRange(
      file: range.file, start: UInt32(start), end: UInt32(min(end + 1, bytes.count)))
    return Diagnostic.Fix(whole, "")
  }

  private func isDerived(_ name: String) -> Bool {
    name.hasPrefix("d_") || name.hasPrefix("eval.") || name.hasPrefix("_")
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
