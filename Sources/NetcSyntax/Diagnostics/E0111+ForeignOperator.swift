import NetcCore

extension DiagnosticKind {
  /// An operator that is spelled differently here.
  static let foreignOperator = DiagnosticKind(
    "E0111", "an operator of another language",
    page: #"""
      Some operators of other languages are spelled differently:

          **        ^              power
          && || !   and or not     logic
          % //      mod(a, b), div(a, b)
          +=        h = h + x      rebinding
          c ? a : b                if c then a else b
          #         //             comment
          ;                        nothing: a statement ends where the next begins
      """#)
}

extension Diagnostic {
  /// An operator that is spelled differently here.
  static func foreignOperator(_ found: ForeignOperator, at range: SourceRange) -> Diagnostic {
    let fix = found.replacement.map { [Diagnostic.Fix(range, $0)] } ?? []
    return Diagnostic(
      .foreignOperator, "`\(found.spelling)` is not part of the language", at: range,
      help: [found.help], fixes: fix)
  }
}
