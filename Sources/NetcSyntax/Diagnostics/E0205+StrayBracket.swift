import NetcCore

extension DiagnosticKind {
  /// A closing bracket too many.
  static let strayBracket = DiagnosticKind(
    "E0205", "a closing bracket without an opening one",
    page: #"""
      This bracket closes nothing: its partner is missing, or was closed before.

          let a = f(x))            // wrong
          let a = f(x)             // right
      """#)
}

extension Diagnostic {
  /// A closing bracket too many.
  static func strayBracket(_ closer: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .strayBracket, "`\(closer)` closes nothing", at: range, help: ["drop it, or open its partner"]
    )
  }
}
