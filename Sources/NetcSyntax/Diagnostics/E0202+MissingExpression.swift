import NetcCore

extension DiagnosticKind {
  /// No expression where one is needed.
  static let missingExpression = DiagnosticKind(
    "E0202", "an expression is missing",
    page: #"""
      A value belongs here, and something else was found: an operator without its
      right side, an empty argument, a declaration that breaks off.

          let a = x +              // wrong: nothing to add
          let b = f(x, )           // right: a comma may end a list

      Operators stand between two values; only `-` and `not` stand before one.
      """#)
}

extension Diagnostic {
  /// No expression where one is needed.
  static func missingExpression(
    found: String, after: String?, help: String?, at range: SourceRange
  ) -> Diagnostic {
    let place = after.map { " after \($0)" } ?? ""
    return Diagnostic(
      .missingExpression, "expected an expression\(place), found \(found)", at: range,
      help: help.map { [$0] } ?? [])
  }
}
