import NetcCore

extension DiagnosticKind {
  /// A number whose point lacks a digit.
  static let malformedNumber = DiagnosticKind(
    "E0107", "a number with a lone point",
    page: #"""
      A number's point stands between digits, so that `0..<4` is a range from 0.

          const a = .5         // wrong: write 0.5
          const b = 5.         // wrong: write 5.0
          const c = 1.2.3      // wrong: two points

      Digits may be grouped: `10_000`. An exponent is `1e-3`.
      """#)
}

extension Diagnostic {
  /// A number whose point lacks a digit; `fix` is the number meant.
  static func malformedNumber(
    _ message: String, fix: String?, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .malformedNumber, message, at: range, help: fix.map { ["write `\($0)`"] } ?? [],
      fixes: fix.map { [Diagnostic.Fix(range, $0)] } ?? [])
  }
}
