import NetcCore

extension DiagnosticKind {
  /// A character that cannot be seen, or that turns the text around it.
  static let hiddenCharacter = DiagnosticKind(
    "E0103", "an invisible character",
    page: #"""
      Some characters cannot be seen: spaces that do not break, joiners of zero
      width. Others turn the direction of the text around them, so that a program
      reads differently from what it does; those are refused in comments and strings
      too. They come from web pages and word processors.

          let a = 2 * x        // wrong if the blank before `x` is a no-break space

      Delete the character and type an ordinary space.
      """#)
}

extension Diagnostic {
  /// A character that cannot be seen.
  static func hiddenCharacter(_ scalar: Unicode.Scalar, at range: SourceRange) -> Diagnostic {
    let isSpace = scalar.properties.generalCategory == .spaceSeparator
    let name = scalar.properties.name.map { " (\($0.lowercased()))" } ?? ""
    let code = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
    return Diagnostic(
      .hiddenCharacter, "invisible character U+\(padded)\(name)", at: range,
      help: [isSpace ? "type an ordinary space" : "delete it"],
      fixes: [Diagnostic.Fix(range, isSpace ? " " : "")])
  }
}
