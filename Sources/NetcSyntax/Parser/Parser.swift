import NetcCore

/// Turns tokens into statements, one method a rule of the grammar.
///
/// An error sets `hasFailed`; from then on every token looks like the end of the file, so each rule
/// ends by itself and says nothing more, until a bracket or the statement's end is found to go on
/// from.
struct Parser {
  let file: SourceID
  let source: SourceFile
  let list: TokenList
  var position = 0
  var hasFailed = false
  /// Whether going on inside the statement is hopeless, as after too deep a nesting.
  var isHopeless = false
  /// How many brackets, blocks and prefixes are open.
  var nesting = 0
  /// How deep the tree of the expression being read is so far.
  var height = 0
  var diagnostics: [Diagnostic] = []
  /// What the statements being read stand in.
  var place = Place.top
  /// The names that `var`, `let` and the like declare anywhere in the file.
  var declared: Set<String> = []
  /// Rebindings of a statement's word, as `loss = e`, with the word.
  var wordRebindings: [(word: Word, name: Name, equal: SourceRange)] = []
  /// The file's names for compile-time numbers: constants and dimensions of inputs.
  var compileTimeNames: Set<String> = []
  /// The checks of `//` already decided, by position in the list.
  var decidedDivisions: Set<Int> = []
  /// What could not be read.
  var doubt = Doubt()
  /// The opening braces that were never closed.
  var unclosedBraces: [SourceRange] = []

  init(file: SourceID, in sources: SourceMap) {
    self.file = file
    source = sources[file]
    list = Lexer.tokens(of: file, in: sources)
  }

  /// The whole file.
  mutating func unit() -> SourceUnit {
    let statements = statements(opener: nil)
    checkWordRebindings()
    checkDivisions()
    let structural: [DiagnosticKind] = [
      .strayBracket, .tooDeep, .tooManyErrors, .misplacedStatement,
    ]
    doubt.isEverywhere =
      doubt.isEverywhere || !unclosedBraces.isEmpty
      || diagnostics.contains { structural.contains($0.kind) }
    let end = list.tokens[list.tokens.count - 1]
    return SourceUnit(file: file, statements: statements, end: range(of: end), doubt: doubt)
  }

  /// A file that is one expression.
  mutating func wholeExpression() -> Expression {
    let value = expression()
    if !hasFailed, kind != .endOfFile { fail(.unexpected(found, expected: "the end", at: here)) }
    return value
  }

  /// Everything reported, by place; misplaced statements are left out after a brace that was not
  /// closed.
  func sortedDiagnostics() -> [Diagnostic] {
    let firstUnclosed = unclosedBraces.map(\.start).min() ?? UInt32.max
    let kept = diagnostics.filter { diagnostic in
      diagnostic.kind != .misplacedStatement
        || (diagnostic.primary?.range.start ?? 0) < firstUnclosed
    }
    let all = (list.diagnostics + kept).enumerated().map {
      (offset: $0.offset, diagnostic: $0.element)
    }
    return all.sorted { a, b in
      let first = a.diagnostic.primary?.range.start ?? 0
      let second = b.diagnostic.primary?.range.start ?? 0
      return (first, a.offset) < (second, b.offset)
    }.map(\.diagnostic)
  }
}
