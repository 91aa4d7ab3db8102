import NetcCore

extension DiagnosticKind {
  /// Letters right after a number.
  static let gluedNumber = DiagnosticKind(
    "E0108", "a number and letters run together",
    page: #"""
      A product is always written with its sign; there are no suffixes and no
      hexadecimal numbers.

          let a = 2x           // wrong
          let a = 2 * x        // right

          const lr = 1e        // wrong: an exponent has digits, as in 1e-3
      """#)
}

extension Diagnostic {
  /// Letters right after a number.
  static func gluedNumber(
    _ number: String, _ letters: String, at range: SourceRange
  ) -> Diagnostic {
    let isExponent = letters == "e" || letters == "E"
    let isHexadecimal = number == "0" && letters.first.map { "xXbBoO".contains($0) } == true
    let help: String
    if isExponent {
      help = "an exponent has digits: `\(number)e-3`"
    } else if isHexadecimal {
      help = "numbers are decimal"
    } else {
      help = "a product is `\(number) * \(letters)`"
    }
    let fixes =
      isExponent || isHexadecimal ? [] : [Diagnostic.Fix(range, "\(number) * \(letters)")]
    return Diagnostic(
      .gluedNumber, "`\(number)` and `\(letters)` run together", at: range, help: [help],
      fixes: fixes)
  }
}
