import NetcCore

extension DiagnosticKind {
  /// An operator left out.
  static let missingOperator = DiagnosticKind(
    "E0218", "two values side by side",
    page: #"""
      Two values stand side by side with nothing between them. Slides write W x for
      a product; the language writes `W @ x`, or `x @ W` when each row of x is an
      example. Element by element it is `*`. Calls need parentheses, lists commas.

          let a = W x              // wrong
          let a = x @ W            // right

          let s = sigmoid x        // wrong
          let s = sigmoid(x)       // right
      """#)
}

extension Diagnostic {
  /// Two values side by side.
  static func missingOperator(
    _ left: String, _ right: String, after: SourceRange, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .missingOperator, "nothing stands between `\(left)` and `\(right)`", at: range,
      notes: [],
      help: ["a matrix product is `\(left) @ \(right)`, element by element `\(left) * \(right)`"])
  }
}
