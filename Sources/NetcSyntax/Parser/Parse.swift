package import NetcCore

/// Reads a file: its statements, and what is wrong with it in the order of the text.
///
/// Always gives a tree: statements that could be read in part are in it, with `.invalid` for what
/// could not.
/// - Complexity: O(n) in the bytes of the file.
package func parse(
  _ file: SourceID, in sources: SourceMap
) -> (unit: SourceUnit, diagnostics: [Diagnostic]) {
  var parser = Parser(file: file, in: sources)
  let unit = parser.unit()
  return (unit, parser.sortedDiagnostics())
}

/// Reads a text that is one expression, as the value of `--set`.
///
/// The expression is nil when the text is not one; then there is an error that says why.
package func parseExpression(
  _ file: SourceID, in sources: SourceMap
) -> (expression: Expression?, diagnostics: [Diagnostic]) {
  var parser = Parser(file: file, in: sources)
  let expression = parser.wholeExpression()
  let diagnostics = parser.sortedDiagnostics()
  let isWrong = diagnostics.contains { $0.severity == .error }
  return (isWrong ? nil : expression, diagnostics)
}
