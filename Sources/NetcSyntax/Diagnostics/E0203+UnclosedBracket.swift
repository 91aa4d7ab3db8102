import NetcCore

extension DiagnosticKind {
  /// An opening bracket without its partner.
  static let unclosedBracket = DiagnosticKind(
    "E0203", "a bracket that is never closed",
    page: #"""
      Every `(`, `[` and `{` needs its partner. The first place marked is the opening
      bracket, the second where the next statement, or the end of the file, showed
      that the partner is missing.

          let h = dense(x, 64          // wrong
          let y = relu(h)

          let h = dense(x, 64)         // right
      """#)
}

extension Diagnostic {
  /// An opening bracket without its partner.
  static func unclosedBracket(
    _ opener: String, at range: SourceRange, expected: String, before found: String,
    at place: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .unclosedBracket, "`\(opener)` is never closed", at: range, label: "opened here",
      notes: [Diagnostic.Label(place, "expected \(expected) before \(found)")])
  }
}
