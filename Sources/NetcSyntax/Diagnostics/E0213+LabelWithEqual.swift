import NetcCore

extension DiagnosticKind {
  /// An argument labelled as in Python.
  static let labelWithEqual = DiagnosticKind(
    "E0213", "a label written with `=`",
    page: #"""
      Labels end with a colon. `=` only gives a name its value, in a statement.

          dense(x, units=64)       // wrong
          dense(x, units: 64)      // right
      """#)
}

extension Diagnostic {
  /// An argument labelled with `=`.
  static func labelWithEqual(_ label: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .labelWithEqual, "a label ends with a colon, found `=`", at: range,
      help: ["write `\(label): …`"], fixes: [Diagnostic.Fix(range, ":")])
  }
}
