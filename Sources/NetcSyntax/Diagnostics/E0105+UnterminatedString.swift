import NetcCore

extension DiagnosticKind {
  /// A string that the line ends.
  static let unterminatedString = DiagnosticKind(
    "E0105", "a string without its end",
    page: #"""
      A string begins and ends with a double quote on one line.

          data d = csv("moons.csv, x: columns(0..<2))      // wrong
          data d = csv("moons.csv", x: columns(0..<2))     // right

      A line break inside a string is written `\n`, a quote `\"`. There are no
      strings over several lines.
      """#)
}

extension Diagnostic {
  /// A string that the line ends.
  static func unterminatedString(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unterminatedString, "this string has no closing quote on its line", at: range,
      help: ["close it with `\"`"])
  }

  /// Three quotes, which begin a long string elsewhere.
  static func tripleQuotes(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unterminatedString, "there are no strings in three quotes", at: range,
      help: ["a string stands on one line in single `\"`; a line break in it is `\\n`"])
  }
}
