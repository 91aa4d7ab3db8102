import NetcCore

extension DiagnosticKind {
  /// A file with very many errors.
  static let tooManyErrors = DiagnosticKind(
    "N0201", "reading stopped",
    page: #"""
      After a hundred errors in one file reading stops; the rest is not looked at.
      Mend the first ones and try again: many later errors follow from them.
      """#)
}

extension Diagnostic {
  /// The hundredth error.
  static func tooManyErrors(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .tooManyErrors, "stopped after \(ParserLimits.errors) errors: the rest is not read", at: range
    )
  }
}
