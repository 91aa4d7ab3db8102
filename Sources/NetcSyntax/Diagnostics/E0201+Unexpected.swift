import NetcCore

extension DiagnosticKind {
  /// A token where the grammar wants another.
  static let unexpected = DiagnosticKind(
    "E0201", "something else is expected here",
    page: #"""
      The text does not go on as the grammar says. The message names what is
      expected and what was found; carets mark what was found, which may stand
      behind the real mistake, as when a comma is missing before it.

          let a b = f(x)           // wrong: expected `=`
          let a, b = f(x)          // right: two names need a comma
      """#)
}

extension Diagnostic {
  /// A token where the grammar wants another.
  static func unexpected(
    _ found: String, expected: String, help: String? = nil,
    note: (range: SourceRange, text: String)? = nil, fix: String? = nil, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .unexpected, "expected \(expected), found \(found)", at: range,
      notes: note.map { [Diagnostic.Label($0.range, $0.text)] } ?? [],
      help: help.map { [$0] } ?? [], fixes: fix.map { [Diagnostic.Fix(range, $0)] } ?? [])
  }
}
