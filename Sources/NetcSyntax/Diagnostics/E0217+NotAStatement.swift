import NetcCore

extension DiagnosticKind {
  /// Text between statements.
  static let notAStatement = DiagnosticKind(
    "E0217", "not a statement",
    page: #"""
      Here a statement should begin, and none does. A value alone does nothing:
      name it, or say what it is for.

          relu(x)                  // wrong
          let h = relu(x)          // right
          output h

      A statement ends where the next one begins; line breaks carry no meaning, and
      nothing separates two statements.
      """#)
}

extension Diagnostic {
  /// Text where a statement should begin.
  static func notAStatement(_ message: String, help: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic(.notAStatement, message, at: range, help: help.map { [$0] } ?? [])
  }
}
