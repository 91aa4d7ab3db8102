import NetcCore

extension Parser {
  /// `"{" { statement } "}"`, its statements standing in `inner`.
  mutating func block(in inner: Place) -> Block {
    expect(.leftBrace, "`{`")
    if hasFailed {
      recoverToBlock()
      if kind != .leftBrace { return Block(statements: [], range: emptyRange) }
      advance()
    }
    let opener = list.tokens[position - 1]
    guard enter() else {
      leave()
      return Block(statements: [], range: range(of: opener))
    }
    let outer = place
    place = inner
    let statements = statements(opener: opener)
    place = outer
    leave()
    if !accept(.rightBrace) {
      // One missing brace leaves every block around it open; saying it once is enough.
      if unclosedBraces.isEmpty {
        report(
          .unclosedBracket("{", at: range(of: opener), expected: "`}`", before: found, at: here))
      }
      unclosedBraces.append(range(of: opener))
    }
    return Block(statements: statements, range: range(from: opener.start))
  }

  /// `expr block [ "else" ( block | "if" … ) ]`
  mutating func ifStatement() -> Statement.Kind? {
    var branches: [IfStatement.Branch] = []
    var otherwise: Block?
    while true {
      let condition = condition()
      branches.append(IfStatement.Branch(condition: condition, body: block(in: place.nested)))
      guard accept(.else) else { break }
      if accept(.if) { continue }
      otherwise = block(in: place.nested)
      break
    }
    return .if(IfStatement(branches: branches, otherwise: otherwise))
  }

  /// The condition of a statement `if`, which a block follows.
  private mutating func condition() -> Expression {
    let condition = expression()
    checkComparison()
    if kind == .then {
      fail(
        .choiceForm(
          "an `if` that is a statement has blocks", help: "write `if c { … } else { … }`", at: here)
      )
    }
    return condition
  }

  /// `NAME "in" expr block`
  mutating func forStatement() -> Statement.Kind? {
    guard let name = name("a name for the loop's counter") else { return nil }
    expectIn()
    let source = expression()
    return .for(name, in: source, body: block(in: place.nested))
  }

  /// `expr { "," expr }`
  mutating func values() -> [Expression] {
    var values: [Expression] = []
    repeat { values.append(expression()) } while accept(.comma)
    return values
  }

  /// Everything after the word `scan`.
  mutating func scan(isStatement: Bool) -> Scan {
    let word = position > 0 ? range(of: list.tokens[position - 1]) : here
    var sequences: [Scan.Sequence] = []
    repeat {
      guard let name = name("a name for one element") else { break }
      expectIn()
      sequences.append(Scan.Sequence(name: name, source: expression()))
    } while accept(.comma)
    let axis = accept(.along) ? expression() : nil
    let reversedPlace = here
    let reversed = accept(.reversed) ? reversedPlace : nil
    checkMisspelt(["along", "reversed"], expected: "`along`, `reversed` or `{`")
    let errors = diagnostics.count
    let body = block(in: place.scan)
    let scan = Scan(sequences: sequences, axis: axis, reversed: reversed, body: body)
    if diagnostics.count == errors, !hasFailed {
      checkYield(of: scan, isStatement: isStatement, at: word)
    }
    return scan
  }

  private mutating func expectIn() {
    if accept(.in) || hasFailed { return }
    fail(.unexpected(found, expected: "`in`", at: here))
  }

  /// A scan's one `yield` is its last statement, and is there exactly when the scan is a value.
  private mutating func checkYield(of scan: Scan, isStatement: Bool, at word: SourceRange) {
    let yields = scan.body.statements.filter { statement in
      if case .yield = statement.kind { true } else { false }
    }
    if yields.count > 1 {
      report(
        .yieldForm(
          "a scan has one `yield`", help: "yield both: `yield a, b`", at: yields[0].keyword))
    } else if let only = yields.first, scan.yields == nil {
      report(
        .yieldForm(
          "`yield` is not the last statement of its scan", help: "move it to the end of the body",
          at: only.keyword))
    } else if isStatement, let only = yields.first {
      report(
        .yieldForm(
          "what this scan yields is lost", help: "name it: `let h = scan …`, or drop the `yield`",
          at: only.keyword))
    } else if !isStatement, yields.isEmpty {
      report(
        .yieldForm(
          "a scan that is a value yields one", help: "end its body with `yield h`", at: word))
    }
  }

  /// The empty range where reading stands.
  private var emptyRange: SourceRange {
    SourceRange(file: file, start: previousEnd, end: previousEnd)
  }
}
