import NetcCore

extension DiagnosticKind {
  /// An `if` as the operand of an operator.
  static let choiceInOperation = DiagnosticKind(
    "E0207", "a choice inside an operation",
    page: #"""
      `if c then a else b` reaches as far to the right as it can, so as an operand
      it needs parentheses.

          let y = 1 + if c then a else b           // wrong
          let y = 1 + (if c then a else b)         // right

      It stands alone on a right-hand side, as an argument, in parentheses, and
      after `then` or `else`.
      """#)
}

extension Diagnostic {
  /// An `if` as the operand of an operator.
  static func choiceInOperation(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .choiceInOperation, "an `if` that is an operand needs parentheses", at: range,
      help: ["write `… (if c then a else b)`"])
  }
}
