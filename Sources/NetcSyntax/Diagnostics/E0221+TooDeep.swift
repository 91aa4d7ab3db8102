import NetcCore

extension DiagnosticKind {
  /// A tree that is too deep.
  static let tooDeep = DiagnosticKind(
    "E0221", "nested too deep",
    page: #"""
      Brackets, blocks and prefixes may be nested 256 deep, and as many operators or
      pipeline stages may follow one another in an expression: bounds that programs
      written by hand do not meet, and that keep a damaged file from exhausting the
      compiler.

      Give parts of the expression names:

          let first = a1 + a2 + …
          let second = first + b1 + …
      """#)
}

extension Diagnostic {
  /// A tree that is too deep.
  static func tooDeep(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.tooDeep, message, at: range, help: ["give parts of it names with `let`"])
  }
}
