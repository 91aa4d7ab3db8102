import NetcCore

extension DiagnosticKind {
  /// A statement that does not belong where it stands.
  static let misplacedStatement = DiagnosticKind(
    "E0220", "a statement in the wrong place",
    page: #"""
      Not every statement may stand everywhere:

          const, import, definitions, data, train     only at the top level
          input loss metric output optimizer          at the top level, also inside
            update freeze                             its `if` and `for`
          param, a layer's instance                   there and in a layer
          state                                       there, in a layer or a rule
          return                                      in a fn, layer, rule, gradient
          yield                                       at the end of a scan
          let var if for scan, rebinding              everywhere
      """#)
}

extension Diagnostic {
  /// A statement that does not belong where it stands.
  static func misplacedStatement(
    _ word: String, belongs: String, found: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .misplacedStatement, "`\(word)` belongs \(belongs), found \(found)", at: range,
      help: found == "in a block" ? ["move it out of the block"] : [])
  }
}
