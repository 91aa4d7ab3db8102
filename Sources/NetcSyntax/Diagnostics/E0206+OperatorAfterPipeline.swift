import NetcCore

extension DiagnosticKind {
  /// What would bind to a pipeline or its last function.
  static let operatorAfterPipeline = DiagnosticKind(
    "E0206", "an operator after a pipeline",
    page: #"""
      `a + b |> f` is f(a + b): a pipeline binds loosest, and its right side is a
      function or layer, not an expression. So `x |> f + 1` has no good reading:
      say with parentheses what is meant.

          let y = x |> f + 1               // wrong
          let y = (x |> f) + 1             // right

          let y = x |> split(2, axis: 1) [0]       // wrong
          let y = (x |> split(2, axis: 1))[0]      // right
      """#)
}

extension Diagnostic {
  /// An operator or bracket after a pipeline.
  static func operatorAfterPipeline(
    _ found: String, pipeline: SourceRange, text: String, at range: SourceRange
  ) -> Diagnostic {
    let isShort = text.count <= 40 && !text.contains("\n")
    let rest = found == "[" ? "[…]" : " \(found) …"
    let example = (isShort ? "(\(text))" : "(x |> f)") + rest
    return Diagnostic(
      .operatorAfterPipeline, "`\(found)` after a pipeline", at: range,
      help: ["parenthesise the pipeline: `\(example)`"],
      fixes: [
        Diagnostic.Fix(
          SourceRange(file: range.file, start: pipeline.start, end: pipeline.start), "("),
        Diagnostic.Fix(SourceRange(file: range.file, start: pipeline.end, end: pipeline.end), ")"),
      ])
  }
}
