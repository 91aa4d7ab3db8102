import NetcCore

extension DiagnosticKind {
  /// A name that is a word of the language.
  static let reservedWord = DiagnosticKind(
    "E0219", "a reserved word used as a name",
    page: #"""
      Seventeen words are never names:

          and or not if then else true false let var const fn layer rule for return
          import

          let layer = dense(x, 4)      // wrong
          let hidden = dense(x, 4)     // right

      All other words of the language, as `input`, `loss` or `step`, may be names.
      """#)
}

extension Diagnostic {
  /// A reserved word where a name is wanted.
  static func reservedWord(_ word: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .reservedWord, "`\(word)` is a reserved word and cannot be a name", at: range,
      help: ["choose another name, as `\(word)_1`"])
  }

  /// `var(x)`, which declares and does not reduce.
  static func variance(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .reservedWord, "`var` declares a name that may be rebound", at: range,
      help: ["the variance of a tensor is `variance(x)`"],
      fixes: [Diagnostic.Fix(range, "variance")])
  }
}
