import NetcCore

extension DiagnosticKind {
  /// An optimizer with a clause twice.
  static let repeatedClause = DiagnosticKind(
    "E0227", "a clause given twice",
    page: #"""
      An optimizer has at most one `minimize`, one `for` and one `every`. Several
      patterns stand behind one `for`, with commas.

          optimizer sgd(lr: 0.1) for "G.*" for "H.*"       // wrong
          optimizer sgd(lr: 0.1) for "G.*", "H.*"          // right
      """#)
}

extension Diagnostic {
  /// An optimizer with a clause twice.
  static func repeatedClause(_ clause: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .repeatedClause, "this optimizer has its `\(clause)` already", at: range,
      help: clause == "for" ? ["several patterns stand behind one `for`, with commas"] : [])
  }
}
