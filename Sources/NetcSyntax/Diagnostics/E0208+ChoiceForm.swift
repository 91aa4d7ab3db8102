import NetcCore

extension DiagnosticKind {
  /// An `if` without what belongs to it.
  static let choiceForm = DiagnosticKind(
    "E0208", "an `if` of the wrong form",
    page: #"""
      There are two forms. The statement has blocks, the expression has `then` and
      always `else`.

          if c { h = f(h) } else { h = g(h) }
          let h = if c then f(x) else g(x)

      Both are decided when the program is compiled; to choose by the data, element
      by element, use `where(condition, a, b)`.
      """#)
}

extension Diagnostic {
  /// An `if` without what belongs to it.
  static func choiceForm(_ message: String, help: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.choiceForm, message, at: range, help: [help])
  }
}
