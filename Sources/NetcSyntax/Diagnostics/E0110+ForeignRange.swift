import NetcCore

extension DiagnosticKind {
  /// `..` or `..=` for a range.
  static let foreignRange = DiagnosticKind(
    "E0110", "a range with the wrong dots",
    page: #"""
      A range is half open: `0..<4` is 0, 1, 2, 3. There is no `..`, `..=` or `...`
      between numbers; `...` stands for "all other dimensions".

          for i in 0..3 { h = f(h) }       // wrong
          for i in 0..<4 { h = f(h) }      // right
      """#)
}

extension Diagnostic {
  /// `..` or `..=` where a range is meant.
  static func foreignRange(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .foreignRange, "a range is written `..<`, found `\(text)`", at: range,
      help: ["`0..<4` is 0, 1, 2, 3: the end is left out"])
  }
}
