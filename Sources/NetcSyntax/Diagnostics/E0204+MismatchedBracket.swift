import NetcCore

extension DiagnosticKind {
  /// Brackets that do not match.
  static let mismatchedBracket = DiagnosticKind(
    "E0204", "a bracket closed by another kind",
    page: #"""
      A `(` is closed by `)`, a `[` by `]`, a `{` by `}`, innermost first.

          let a = x[f(0])          // wrong
          let a = x[f(0)]          // right
      """#)
}

extension Diagnostic {
  /// A bracket closed by one of another kind.
  static func mismatchedBracket(
    _ opener: String, at range: SourceRange, closer: String, at place: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .mismatchedBracket, "`\(opener)` is closed by `\(closer)`", at: place,
      notes: [Diagnostic.Label(range, "opened here")])
  }
}
