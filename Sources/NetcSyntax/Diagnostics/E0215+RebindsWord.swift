import NetcCore

extension DiagnosticKind {
  /// `=` after a word that begins a statement.
  static let rebindsWord = DiagnosticKind(
    "E0215", "a statement written as an assignment",
    page: #"""
      `loss`, `metric`, `output`, `optimizer` and their kind are words that begin a
      statement; what they say is not assigned to them.

          loss = mse(y, t)                 // wrong
          loss mse(y, t)                   // right
          loss fit = mse(y, t)             // right: a loss called `fit`

      The words are free as names: `var state = zeros(n)` declares a `state` that
      may be rebound.
      """#)
}

extension Diagnostic {
  /// `=` after a word that begins a statement, where no var has that name.
  static func rebindsWord(_ word: Word, name: Name, equal: SourceRange) -> Diagnostic {
    let form: String
    switch word {
    case .loss, .metric, .output: form = "`\(name) e` or `\(name) name = e`"
    case .optimizer: form = "`optimizer adam(lr: 1e-3)`"
    case .train: form = "`train(data, epochs: 10)`"
    case .freeze: form = "`freeze \"features.*\"`"
    case .input: form = "`input x: float[batch, 4]`"
    default: form = "`\(name) name = e`"
    }
    var fixes: [Diagnostic.Fix] = []
    switch word {
    case .loss, .metric, .output, .optimizer:
      fixes = [
        Diagnostic.Fix(SourceRange(file: equal.file, start: name.range.end, end: equal.end), "")
      ]
    default: break
    }
    return Diagnostic(
      .rebindsWord, "nothing named `\(name)` can be rebound", at: name.range.joined(with: equal),
      help: ["write \(form)"], fixes: fixes)
  }
}
