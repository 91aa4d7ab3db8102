import NetcCore

extension DiagnosticKind {
  /// An unknown or misspelt word.
  static let unknownStatement = DiagnosticKind(
    "E0216", "a word that begins no statement",
    page: #"""
      Every statement begins with a word of the language, or rebinds a `var` with
      `name = e`. The words are:

          const import let var fn layer rule gradient if for scan return yield
          input param state update loss metric output optimizer freeze data train

          optimiser sgd(lr: 0.1)       // wrong
          optimizer sgd(lr: 0.1)       // right
      """#)
}

extension Diagnostic {
  /// An unknown or misspelt word.
  static func unknownStatement(
    _ word: String, suggestion: String?, help: String?, at range: SourceRange
  ) -> Diagnostic {
    let meant = suggestion.map { "did you mean `\($0)`?" }
    return Diagnostic(
      .unknownStatement, "no statement begins with `\(word)`", at: range,
      help: [meant, help].compactMap { $0 },
      fixes: suggestion.map { [Diagnostic.Fix(range, $0)] } ?? [])
  }
}
