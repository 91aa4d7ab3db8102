import NetcCore

extension DiagnosticKind {
  /// `=` where a comparison is meant.
  static let equalInExpression = DiagnosticKind(
    "E0225", "`=` inside an expression",
    page: #"""
      `=` gives a name its value, once in a statement. Equality is `==`.

          if mode = 1 { … }        // wrong
          if mode == 1 { … }       // right
      """#)
}

extension Diagnostic {
  /// `=` where a comparison is meant.
  static func equalInExpression(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .equalInExpression, "`=` does not compare", at: range, help: ["equality is `==`"],
      fixes: [Diagnostic.Fix(range, "==")])
  }
}
