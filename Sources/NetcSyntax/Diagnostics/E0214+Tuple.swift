import NetcCore

extension DiagnosticKind {
  /// A tuple.
  static let tuple = DiagnosticKind(
    "E0214", "values in parentheses",
    page: #"""
      Parentheses only group. Several values are a list in brackets, and a list that
      is a result is taken apart by names with commas.

          return (a, b)            // wrong
          return a, b              // right

          let (a, b) = f(x)        // wrong
          let a, b = f(x)          // right

          normal(shape: (3, 4))    // wrong
          normal(shape: [3, 4])    // right
      """#)
}

extension Diagnostic {
  /// A tuple.
  static func tuple(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .tuple, "parentheses hold one expression", at: range,
      help: ["a list is `[a, b]`; `return a, b` and `let a, b = f(x)` need no parentheses"])
  }
}
