import NetcCore

extension DiagnosticKind {
  /// `//` followed by a number or constant.
  static let divisionComment = DiagnosticKind(
    "W0201", "a comment that looks like a division",
    page: #"""
      In Python `//` divides whole numbers; here it begins a comment, and what is
      written behind it silently vanishes.

          const half = width // 2          // `half` is `width`
          const half = div(width, 2)       // right

      The warning comes when `//` follows a value on its line and nothing but a
      number, or the name of a constant, setting or dimension, follows it. To keep a
      comment, write a word more.
      """#)
}

extension Diagnostic {
  /// `//` followed by a number or constant.
  static func divisionComment(
    _ dividend: String, _ divisor: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .divisionComment, "`//` starts a comment, so `\(divisor)` is not read", at: range,
      help: ["whole division is `div(\(dividend), \(divisor))`"])
  }
}
