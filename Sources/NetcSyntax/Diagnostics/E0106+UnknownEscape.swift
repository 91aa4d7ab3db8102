import NetcCore

extension DiagnosticKind {
  /// A backslash with an unknown letter.
  static let unknownEscape = DiagnosticKind(
    "E0106", "an escape that strings do not have",
    page: #"""
      In a string a backslash begins one of five escapes: `\"`, `\\`, `\n` (line
      break), `\t` (tab) and `\u{3B7}` (a character by its number, here η).

          data d = csv("C:\data\moons.csv", …)       // wrong: `\d` and `\m`
          data d = csv("C:/data/moons.csv", …)       // right, on every system
      """#)
}

extension Diagnostic {
  /// A backslash with an unknown letter.
  static func unknownEscape(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unknownEscape, "`\(text)` is not an escape", at: range,
      help: ["escapes are \\\" \\\\ \\n \\t \\u{3B7}; a backslash itself is `\\\\`"])
  }
}
