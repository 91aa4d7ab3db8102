import NetcCore

extension DiagnosticKind {
  /// Operators that do not chain.
  static let chained = DiagnosticKind(
    "E0209", "comparisons or ranges in a row",
    page: #"""
      Comparisons do not chain, nor do ranges: `a < b < c` would compare a truth
      value with c.

          if a < b < c { … }               // wrong
          if a < b and b < c { … }         // right
      """#)
}

extension Diagnostic {
  /// Operators that do not chain.
  static func chained(_ what: String, at range: SourceRange) -> Diagnostic {
    let help =
      what == "comparisons" ? "join two comparisons: `a < b and b < c`" : "a range has two ends"
    return Diagnostic(.chained, "\(what) do not chain", at: range, help: [help])
  }
}
