import NetcCore

extension DiagnosticKind {
  /// A `///` before no declaration.
  static let lostDocumentation = DiagnosticKind(
    "W0202", "a doc comment with nothing to describe",
    page: #"""
      `///` describes the declaration that follows it. Nothing follows this one, so
      it is lost; an ordinary comment begins with `//`.
      """#)
}

extension Diagnostic {
  /// A `///` before no declaration.
  static func lostDocumentation(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .lostDocumentation, "nothing follows this doc comment", at: range,
      help: ["a comment that describes nothing begins with `//`"])
  }
}
