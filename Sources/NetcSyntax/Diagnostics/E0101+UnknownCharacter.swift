import NetcCore

extension DiagnosticKind {
  /// A character outside the language.
  static let unknownCharacter = DiagnosticKind(
    "E0101", "a character that no program contains",
    page: #"""
      A program is made of names, numbers, strings in double quotes, the symbols of
      the grammar and comments. Names may use letters of any script, so `η` and `θ`
      are fine; other signs, control characters and zero bytes are not.

          let a = x $ 2        // wrong: `$` means nothing
          let a = x * 2        // right

      The character is left out and reading goes on behind it. A zero byte usually
      means that the file is not text: save it as UTF-8.
      """#)
}

extension Diagnostic {
  /// A run of one unknown character.
  static func unknownCharacter(_ scalar: Unicode.Scalar, at range: SourceRange) -> Diagnostic {
    var help: [String] = []
    switch scalar {
    case "\0": help = ["the file may not be text: save it as UTF-8"]
    case "'": help = ["strings stand in double quotes; a prime is ′, as in `y′`"]
    case "`": help = ["names need no quotes, not even with dots: `fc.weight`"]
    case "√": help = ["write `sqrt(x)`"]
    case "∑", "Σ": help = ["write `sum(x)`"]
    case "∂", "∇": help = ["a derivative is `grad(e, x)`"]
    default: break
    }
    let isPrintable = scalar.value > 0x20 && scalar.value != 0x7F && scalar.value != 0xFFFD
    let quoted = scalar == "`" ? "a backquote" : "`\(scalar)`"
    let what = isPrintable ? quoted : "the control character"
    let code = "U+" + hexadecimal(scalar)
    return Diagnostic(
      .unknownCharacter, "\(what) (\(code)) is not part of the language", at: range, help: help)
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let text = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - text.count)) + text
  }
}
