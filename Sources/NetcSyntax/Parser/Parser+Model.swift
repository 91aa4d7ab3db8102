import NetcCore

extension Parser {
  /// `[ NAME "=" ] expr`
  mutating func result(
    _ make: (Name?, Expression) -> Statement.Kind
  ) -> Statement.Kind? {
    let isNamed = kind == .name && token(1).kind == .equal
    let name = isNamed ? name("a name") : nil
    if isNamed { advance() }
    return make(name, expression())
  }

  /// `chain { "minimize" NAME | "for" strings | "every" sum }`
  mutating func optimizer() -> Statement.Kind? {
    let chain = chain()
    var minimize: Name?
    var patterns: [StringLiteral]?
    var every: Expression?
    while !hasFailed {
      let clause = current
      if kind == .for, token(1).kind == .string {
        checkRepeated(patterns != nil, clause)
        advance()
        patterns = strings("a pattern in quotes")
      } else if isClause(.minimize) {
        checkRepeated(minimize != nil, clause)
        advance()
        minimize = name("the name of a loss")
      } else if isClause(.every) {
        checkRepeated(every != nil, clause)
        advance()
        every = operation(.sum)
      } else {
        checkMisspelt(["minimize", "every"], expected: "`minimize`, `for`, `every` or a statement")
        break
      }
    }
    return .optimizer(
      OptimizerStatement(chain: chain, minimize: minimize, patterns: patterns ?? [], every: every))
  }

  /// Whether a clause begins here, and not a statement that rebinds a name spelled like one.
  private func isClause(_ wanted: Word) -> Bool {
    guard let word, word == wanted else { return false }
    switch token(1).kind {
    case .equal, .comma, .dot: return false
    default: return true
    }
  }

  private mutating func checkRepeated(_ isRepeated: Bool, _ clause: Token) {
    if isRepeated { report(.repeatedClause(text(of: clause), at: range(of: clause))) }
  }

  /// `NAME "=" path arguments`
  mutating func data() -> Statement.Kind? {
    guard let name = name("a name for the data") else { return nil }
    if !accept(.equal), !hasFailed {
      fail(
        .missingValue(
          of: "data \(name.text)", example: "= csv(\"file.csv\", …)", found: foundInLine, at: gap))
    }
    guard let reader = path("a reader, as `csv`") else { return nil }
    guard kind == .leftParenthesis else {
      expect(.leftParenthesis, "`(` and the reader's options")
      return .data(name, reader: reader, [])
    }
    return .data(name, reader: reader, arguments())
  }

  /// `arguments`
  mutating func train() -> Statement.Kind? {
    guard kind == .leftParenthesis else {
      expect(
        .leftParenthesis, "`(` after `train`", help: "write `train(data, epochs: 10, batch: 32)`")
      return nil
    }
    return .train(arguments())
  }
}
