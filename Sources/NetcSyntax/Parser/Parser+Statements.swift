import NetcCore

extension Parser {
  /// The word a statement begins with.
  enum Opening: Hashable {
    case reserved(TokenKind)
    case word(Word)
  }

  /// Statements up to the file's end, or to the `}` that closes `opener`.
  mutating func statements(opener: Token?) -> [Statement] {
    var statements: [Statement] = []
    while true {
      switch current.kind {
      case .endOfFile:
        checkLostDocumentation()
        return statements
      case .rightBrace where opener != nil:
        checkLostDocumentation()
        return statements
      case .rightBrace:
        report(.strayBracket("}", at: here))
        advance()
      default:
        let start = position
        let known = diagnostics.count
        if let statement = statement() { statements.append(statement) }
        checkDoubt(from: start, knownErrors: known)
        if hasFailed { recover(from: start) }
        if position == start { advance() }
      }
    }
  }

  /// One statement; nil when it could not be told what it declares.
  private mutating func statement() -> Statement? {
    let first = current
    let documentation = list.documentation[position]?.text
    guard let kind = statementKind() else { return nil }
    return Statement(
      kind, range: range(from: first.start), keyword: range(of: first), documentation: documentation
    )
  }

  private mutating func statementKind() -> Statement.Kind? {
    switch kind {
    case .const, .import, .let, .var, .fn, .rule, .layer, .if, .for, .return:
      return statement(.reserved(kind))
    case .name:
      switch token(1).kind {
      case .equal, .comma, .dot: return rebinding()
      default:
        if let word, word.beginsStatement { return statement(.word(word)) }
        return unknownStatement()
      }
    default: return unknownStatement()
    }
  }

  /// The statement that begins with a word, which is the present token even when it is misspelt.
  mutating func statement(_ opening: Opening) -> Statement.Kind? {
    switch opening {
    case .reserved(let kind): return reservedStatement(kind)
    case .word(let word): return wordStatement(word)
    }
  }

  private mutating func reservedStatement(_ kind: TokenKind) -> Statement.Kind? {
    switch kind {
    case .const: return begin(.top) { $0.constants() }
    case .import: return begin(.top) { $0.importStatement() }
    case .fn: return begin(.top) { $0.function() }
    case .rule: return begin(.top) { $0.rule() }
    case .layer: return layer()
    case .let: return begin(.anywhere) { $0.binding("let").map { .let($0) } }
    case .var: return begin(.anywhere) { $0.binding("var").map { .var($0) } }
    case .if: return begin(.anywhere) { $0.ifStatement() }
    case .for: return begin(.anywhere) { $0.forStatement() }
    case .return: return begin(.body) { .return($0.values()) }
    default: return nil
    }
  }

  private mutating func wordStatement(_ word: Word) -> Statement.Kind? {
    switch word {
    case .gradient: return begin(.top) { $0.gradient() }
    case .data: return begin(.top) { $0.data() }
    case .train: return begin(.top) { $0.train() }
    case .input: return begin(.file) { $0.input() }
    case .param: return begin(.fileOrLayer) { $0.parameter() }
    case .state: return begin(.fileLayerOrRule) { $0.state() }
    case .update: return begin(.file) { $0.update() }
    case .loss: return begin(.file) { $0.result { .loss($0, $1) } }
    case .metric: return begin(.file) { $0.result { .metric($0, $1) } }
    case .output: return begin(.file) { $0.result { .output($0, $1) } }
    case .optimizer: return begin(.file) { $0.optimizer() }
    case .freeze: return begin(.file) { .freeze($0.strings("a pattern in quotes")) }
    case .yield: return begin(.scan) { .yield($0.values()) }
    case .scan: return begin(.anywhere) { .scan($0.scan(isStatement: true)) }
    case .in, .along, .reversed, .minimize, .every, .as, .class: return nil
    }
  }

  /// Takes a statement's word, says when it does not belong here, and reads the rest.
  mutating func begin(
    _ placement: Placement, _ rest: (inout Parser) -> Statement.Kind?
  ) -> Statement.Kind? {
    if !placement.allows(place) {
      let text = text(of: current)
      report(
        .misplacedStatement(
          text, belongs: placement.description, found: place.description, at: here))
    }
    advance()
    return rest(&self)
  }

  /// Warns of a doc comment with nothing to describe.
  private mutating func checkLostDocumentation() {
    if let lost = list.documentation[position] { report(.lostDocumentation(at: lost.range)) }
  }
}
