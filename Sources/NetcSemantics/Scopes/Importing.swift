import NetcCore
import NetcSyntax

/// What became of an `import`'s path.
package enum ImportResolution: Sendable {
  /// The file: its name for diagnostics, the same for every way to write the path, and its text.
  case found(name: String, text: String)
  /// Why it cannot be had.
  case missing(reason: String)
}

/// The files imported so far.
struct ImportedFiles: Sendable {
  /// The module of each file, by its name.
  var modules: [String: Int] = [:]
  /// The files being declared, the importing one before the imported.
  var underway: [String] = []
  /// The names that modules took from others, which they do not hand on.
  var taken: [Int: Set<String>] = [:]
}

extension Lowering {
  /// Makes what another file declares known in a module: by its own names, or behind `alias.`.
  mutating func importFile(_ path: StringLiteral, alias: Name?, into module: Int) {
    let importer = sources[path.range.file].name
    let name: String
    let text: String
    switch options.resolveImport(path.value, importer) {
    case .missing(let reason):
      fail(
        .importMissing, "`\(path.value)` cannot be imported: \(reason)", at: path.range,
        help: ["the path is relative to this file"])
      return
    case .found(let foundName, let foundText):
      name = foundName
      text = foundText
    }
    if imports.underway.isEmpty { imports.underway = [importer] }
    if let start = imports.underway.firstIndex(of: name) {
      let cycle = imports.underway[start...] + [name]
      fail(
        .importCycle, "`\(path.value)` imports this file again", at: path.range,
        help: ["the cycle is " + cycle.map { "`\($0)`" }.joined(separator: " → ")])
      return
    }
    let imported = imports.modules[name] ?? declareImported(name, text)
    bring(imported, into: module, alias: alias, at: path.range)
  }

  /// Reads and declares a file as a module of its own.
  private mutating func declareImported(_ name: String, _ text: String) -> Int {
    let file = sources.add(name: name, text: text)
    let (unit, problems) = parse(file, in: sources)
    for problem in problems { report.add(problem) }
    doubt.names.formUnion(unit.doubt.names)
    doubt.places += unit.doubt.places
    if unit.doubt.isEverywhere { doubt.isEverywhere = true }
    let module = modules.count
    modules.append(Module(isStandard: false))
    imports.modules[name] = module
    imports.underway.append(name)
    for statement in unit.statements { checkShared(statement) }
    declare(unit, module: module)
    imports.underway.removeLast()
    return module
  }

  /// Reports a statement that belongs to a model and not to a file of shared parts.
  private mutating func checkShared(_ statement: Statement) {
    switch statement.kind {
    case .const, .import, .function, .layer, .rule, .gradient: return
    default:
      fail(
        .importContent, "`\(sources.text(statement.keyword))` does not belong in an imported file",
        at: statement.range, help: ["move shared parts into a file of their own"])
    }
  }

  /// Enters a module's own declarations among another's.
  private mutating func bring(
    _ imported: Int, into module: Int, alias: Name?, at range: SourceRange
  ) {
    let prefix = alias.map { $0.text + "." } ?? ""
    let kept = imports.taken[imported] ?? []
    var clashes: [String] = []
    for (name, entry) in modules[imported].callables.sorted(by: { $0.key < $1.key })
    where !kept.contains(name) {
      if modules[module].callables[prefix + name] == nil {
        modules[module].callables[prefix + name] = entry
        imports.taken[module, default: []].insert(prefix + name)
      } else {
        clashes.append(name)
      }
    }
    for (name, place) in modules[imported].constants.sorted(by: { $0.key < $1.key })
    where !kept.contains(name) {
      if modules[module].constants[prefix + name] == nil {
        modules[module].constants[prefix + name] = place
        imports.taken[module, default: []].insert(prefix + name)
      } else {
        clashes.append(name)
      }
    }
    guard !clashes.isEmpty else { return }
    let names = clashes.map { "`\($0)`" }.joined(separator: ", ")
    fail(
      .importClash, "\(names) would be declared twice", at: range,
      help: ["import it as a whole: `import … as parts`, then `parts.\(clashes[0])`"])
  }
}
