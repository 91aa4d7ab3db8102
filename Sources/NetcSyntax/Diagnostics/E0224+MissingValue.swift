import NetcCore

extension DiagnosticKind {
  /// A declaration without its value.
  static let missingValue = DiagnosticKind(
    "E0224", "a value is missing",
    page: #"""
      What is declared gets its value in the same statement.

          param W: float[64, 10]                       // wrong
          param W: float[64, 10] = glorot_uniform()    // right

          var h                                        // wrong
          var h = zeros(batch, 64)                     // right
      """#)
}

extension Diagnostic {
  /// A declaration without its value.
  static func missingValue(
    of what: String, example: String, found: String?, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .missingValue, "`\(what)` needs a value" + (found.map { ", found \($0)" } ?? ""), at: range,
      help: ["write `\(what) \(example)`"])
  }
}
