import NetcCore

extension DiagnosticKind {
  /// A comment over several lines.
  static let blockComment = DiagnosticKind(
    "E0112", "a comment in `/* */`",
    page: #"""
      A comment begins with `//` and ends with its line; `///` describes the
      declaration that follows. There are no comments in `/* */`.

          /* the label */      // wrong
          // the label            right
      """#)
}

extension Diagnostic {
  /// A comment in `/* */`.
  static func blockComment(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .blockComment, "there are no comments in `/* */`", at: range,
      help: ["begin each line of it with `//`"])
  }
}
