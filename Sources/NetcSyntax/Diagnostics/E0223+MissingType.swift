import NetcCore

extension DiagnosticKind {
  /// A declaration without its type.
  static let missingType = DiagnosticKind(
    "E0223", "a type is missing",
    page: #"""
      Inputs, parameters and what a signature takes have a type after a colon: an
      element type and, for tensors, the dimensions in brackets.

          input x                          // wrong
          input x: float[batch, 4]         // right

          fn f(x) { return x }             // wrong
          fn f(x: float[...]) { return x }
      """#)
}

extension Diagnostic {
  /// A declaration without its type.
  static func missingType(
    of what: String, example: String, found: String?, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .missingType, "`\(what)` needs a type" + (found.map { ", found \($0)" } ?? ""), at: range,
      help: ["write `\(what): \(example)`"])
  }
}
