import NetcCore

extension DiagnosticKind {
  /// A string in other quotes.
  static let foreignQuotes = DiagnosticKind(
    "E0113", "quotes that are not \"",
    page: #"""
      Strings stand in straight double quotes. Text editors and slides turn them
      into “curly” ones; other languages also have 'single' ones.

          data d = csv('moons.csv', …)         // wrong
          data d = csv("moons.csv", …)         // right
      """#)
}

extension Diagnostic {
  /// A string in other quotes.
  static func foreignQuotes(_ value: String, at range: SourceRange) -> Diagnostic {
    let text = value.count > 40 ? "…" : value
    return Diagnostic(
      .foreignQuotes, "strings stand in straight double quotes", at: range,
      help: ["write `\"\(text)\"`"], fixes: [Diagnostic.Fix(range, "\"\(value)\"")])
  }
}
