import NetcCore

extension DiagnosticKind {
  /// A number beyond its range.
  static let numberTooLarge = DiagnosticKind(
    "E0109", "a number that is too large",
    page: #"""
      A whole number has at most 63 bits (up to 9223372036854775807). A number with
      a point or an exponent is a double, up to about 1.8e308.

          const n = 99999999999999999999       // wrong: too large for a whole number
          const n = 1e20                       // right: a real number

      Infinity is the value `inf`.
      """#)
}

extension Diagnostic {
  /// A number beyond its range.
  static func numberTooLarge(
    _ text: String, isWhole: Bool, at range: SourceRange
  ) -> Diagnostic {
    let limit =
      isWhole ? "a whole number is at most 9223372036854775807" : "a number is at most 1.8e308"
    return Diagnostic(
      .numberTooLarge, "the number `\(text.prefix(40))` is too large", at: range,
      help: [isWhole ? limit + "; a real one is written `1e20`" : limit + "; infinity is `inf`"])
  }
}
