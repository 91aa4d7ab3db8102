import NetcCore
import NetcSyntax

/// The messages of an analysis, each once.
struct Report: Sendable {
  private(set) var diagnostics: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private(set) var errorCount = 0
  /// How many errors were met, the same one counted again.
  private(set) var mistakes = 0

  /// Counts an error that something unreadable explains and that is not shown.
  mutating func addSilently() {
    mistakes += 1
    errorCount += 1
  }

  /// Adds a message unless the same one is there; the thousandth error is the last.
  mutating func add(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { mistakes += 1 }
    guard errorCount < 1000, seen.insert(diagnostic).inserted else { return }
    diagnostics.append(diagnostic)
    if diagnostic.severity == .error { errorCount += 1 }
  }
}

extension Lowering {
  /// Reports a mistake; one found in the library's text is blamed on the call in the user's that
  /// led there.
  /// - Returns: `poison`, so that nothing more is said about what depends on it.
  @discardableResult
  mutating func fail(
    _ kind: DiagnosticKind, _ message: String, at range: SourceRange?, label: String = "",
    notes: [Diagnostic.Label] = [], help: [String] = [], fixes: [Diagnostic.Fix] = []
  ) -> Value {
    if let range, doubt.covers(userRange(range)) {
      if kind.severity == .error { report.addSilently() }
      return .poison
    }
    let notes = notes.filter { isUserText($0.range) } + notes.filter { !isUserText($0.range) }
    guard let range, !isUserText(range), let call = calls.last(where: { isUserText($0.range) })
    else {
      report.add(
        Diagnostic(
          kind, message, at: range, label: label, notes: notes, help: help, fixes: fixes))
      return .poison
    }
    let name = definitions[call.definition].name
    let inner = Diagnostic.Label(range, label.isEmpty ? "found here" : label)
    report.add(
      Diagnostic(
        kind, message, at: call.range, label: "in this call of `\(name)`", notes: [inner] + notes,
        help: help, fixes: []))
    return .poison
  }
}

/// A bound on the work a hostile program can ask of the compiler.
struct WorkBudget: Sendable {
  /// Loop turns left.
  var turns = 1_000_000
  /// Expressions under evaluation, one inside the other.
  var depth = 0
  /// Operations that the calls kept whole stand for, written out; those of the graph are not among
  /// them.
  var inner = 0
  /// Whether the bound was reported; nothing more is lowered then.
  var isSpent = false

  static let deepest = 2000
  static let mostNodes = 1_000_000
  static let mostCalls = 256
}
