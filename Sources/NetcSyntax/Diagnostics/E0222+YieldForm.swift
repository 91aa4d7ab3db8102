import NetcCore

extension DiagnosticKind {
  /// A `yield` too many, too few or too early.
  static let yieldForm = DiagnosticKind(
    "E0222", "a scan and its yield do not fit",
    page: #"""
      A scan that is a value ends its body with one `yield`, whose values are
      stacked along the axis. A scan that is a statement only rebinds `var`s around
      it and yields nothing.

          let all = scan xt in x along 1 { h = f(xt, h)  yield h }
          scan xt in x along 1 { h = f(xt, h) }
      """#)
}

extension Diagnostic {
  /// A `yield` too many, too few or too early.
  static func yieldForm(_ message: String, help: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.yieldForm, message, at: range, help: [help])
  }
}
