import NetcCore

extension DiagnosticKind {
  /// `..<` where a slice is meant.
  static let rangeInIndex = DiagnosticKind(
    "E0211", "a range inside an index",
    page: #"""
      Inside an index a slice is written with a colon; `..<` is for loops, `columns`
      and other settings.

          let a = x[0..<3]         // wrong
          let a = x[0:3]           // right
      """#)
}

extension Diagnostic {
  /// `..<` where a slice is meant.
  static func rangeInIndex(
    from: SourceRange, to: SourceRange, at range: SourceRange
  ) -> Diagnostic {
    let symbol = SourceRange(file: range.file, start: from.end, end: to.start)
    return Diagnostic(
      .rangeInIndex, "a slice is written with `:`, found a range", at: range,
      help: ["write `x[0:3]`"], fixes: [Diagnostic.Fix(symbol, ":")])
  }
}
