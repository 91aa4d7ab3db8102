import NetcCore

extension DiagnosticKind {
  /// A power or transpose as slides write it.
  static let raisedCharacter = DiagnosticKind(
    "E0104", "a raised digit or letter",
    page: #"""
      Slides write powers and transposes as raised characters: x², Wᵀ, σ⁻¹. In the
      language a power is `^` and a transpose a function.

          let a = x²           // wrong
          let a = x^2          // right

          let b = Wᵀ @ x       // wrong
          let b = transpose(W) @ x

      Subscript digits are part of a name: `W₁`, `η₀`.
      """#)
}

extension Diagnostic {
  /// Raised digits: a power.
  static func raisedPower(_ text: String, _ digits: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .raisedCharacter, "a power is written with `^`, found `\(text)`", at: range,
      help: ["write `^\(digits)`"], fixes: [Diagnostic.Fix(range, "^" + digits)])
  }

  /// Raised letters: a transpose after a name, or an exponent.
  static func raisedLetters(
    _ text: String, after base: Name?, at range: SourceRange
  ) -> Diagnostic {
    let isTranspose = text == "\u{1D40}" || text == "\u{1D57}"
    let name = base?.text ?? "x"
    let meant = isTranspose ? "transpose(\(name))" : "\(name)^n"
    var fixes: [Diagnostic.Fix] = []
    if let base, isTranspose { fixes = [Diagnostic.Fix(base.range.joined(with: range), meant)] }
    return Diagnostic(
      .raisedCharacter, "`\(text)` is not part of a name", at: range,
      help: ["write `\(meant)`"], fixes: fixes)
  }
}
