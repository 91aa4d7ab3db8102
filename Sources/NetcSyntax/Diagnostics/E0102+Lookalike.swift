import NetcCore

extension DiagnosticKind {
  /// A sign with an ASCII spelling.
  static let lookalike = DiagnosticKind(
    "E0102", "a sign that is typed differently",
    page: #"""
      Slides, papers and text editors use signs that look like those of the language
      but are other characters: the minus sign −, the dash –, × and · for products,
      ≤ ≥ ≠ for comparisons, → for results, … for dots, full-width punctuation.
      The language has one spelling of each, in ASCII.

          let r = y − p        // wrong: a minus sign (U+2212)
          let r = y - p        // right

      Multiplication is `*` element by element; the product of matrices, and of a
      matrix with a vector, is `@`.
      """#)
}

extension Diagnostic {
  /// A sign with an ASCII spelling.
  static func lookalike(
    _ scalar: Unicode.Scalar, _ ascii: String, at range: SourceRange
  ) -> Diagnostic {
    var help = ["write `\(ascii)`"]
    if ascii == "*" { help.append("`*` multiplies element by element; a matrix product is `@`") }
    return Diagnostic(
      .lookalike, "`\(scalar)` is typed `\(ascii)`", at: range, help: help,
      fixes: [Diagnostic.Fix(range, ascii)])
  }
}
