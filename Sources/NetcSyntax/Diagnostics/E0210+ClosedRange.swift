import NetcCore

extension DiagnosticKind {
  /// `...` between two numbers.
  static let closedRange = DiagnosticKind(
    "E0210", "a closed range",
    page: #"""
      Ranges are half open: the end is left out. `1..<5` is 1, 2, 3, 4. The three
      dots stand for dimensions, in `float[...]` and `x[..., 0]`.

          for i in 1...4 { h = f(h) }      // wrong
          for i in 1..<5 { h = f(h) }      // right
      """#)
}

extension Diagnostic {
  /// `...` between two numbers; `next` is the end's successor when it is a number.
  static func closedRange(
    symbol: SourceRange, end: SourceRange, next: String?
  ) -> Diagnostic {
    Diagnostic(
      .closedRange, "ranges are half open: `...` is not one", at: symbol,
      help: ["write `..<` and the end's successor" + (next.map { ": `..<\($0)`" } ?? "")],
      fixes: next.map { [Diagnostic.Fix(symbol.joined(with: end), "..<\($0)")] } ?? [])
  }
}
