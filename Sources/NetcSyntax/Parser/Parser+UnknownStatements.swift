import NetcCore

extension Parser {
  /// Says why no statement begins here; goes on when a word is only misspelt.
  mutating func unknownStatement() -> Statement.Kind? {
    if hasFailed { return nil }
    switch kind {
    case .rightParenthesis, .rightBracket: fail(.strayBracket(kind.spelling, at: here))
    case .name: return unknownWord()
    case .equal: fail(.equalInExpression(at: here))
    case .else:
      fail(.notAStatement("`else` without an `if` before it", help: nil, at: here))
    default:
      if isJuxtaposed {
        fail(missingOperator())
      } else {
        let help = kind == .leftBrace ? "a block follows `if`, `for`, `scan` or a signature" : nil
        fail(.notAStatement("a statement begins with a word, found \(found)", help: help, at: here))
      }
    }
    return nil
  }

  private mutating func unknownWord() -> Statement.Kind? {
    let text = text(of: current)
    if let help = ForeignWord.help(for: text), !isJuxtaposed {
      fail(.unknownStatement(text, suggestion: nil, help: help, at: here))
      return nil
    }
    if let (spelling, opening) = meantOpening(text) {
      report(.unknownStatement(text, suggestion: spelling, help: nil, at: here))
      return statement(opening)
    }
    if isJuxtaposed {
      fail(missingOperator())
    } else if token(1).kind == .leftParenthesis || token(1).kind == .pipe {
      fail(
        .notAStatement(
          "a value alone does nothing", help: "name it with `let`, or give it with `output`",
          at: here))
    } else if token(1).kind == .colon {
      fail(
        .notAStatement(
          "`\(text)` is not declared by a word",
          help: "write `let \(text): … = …`, or `input \(text): …`",
          at: here))
    } else if token(1).kind == .name {
      fail(.unknownStatement(text, suggestion: nil, help: nil, at: here))
    } else {
      fail(
        .notAStatement(
          "a name alone does nothing", help: "name a value with `let`, or give it with `output`",
          at: here))
    }
    return nil
  }

  /// The statement's word nearest to a misspelt one, when what follows fits it.
  private func meantOpening(_ text: String) -> (spelling: String, opening: Opening)? {
    let next = token(1)
    var openings: [(spelling: String, opening: Opening)] = []
    for word in Word.statements where fits(word, next) {
      openings.append((word.rawValue, .word(word)))
    }
    for kind in [TokenKind.let, .var, .const, .fn, .layer, .rule, .for] where next.kind == .name {
      openings.append((kind.spelling, .reserved(kind)))
    }
    if next.kind == .string { openings.append(("import", .reserved(.import))) }
    if next.kind.beginsOperand, next.kind != .leftParenthesis {
      openings.append(("return", .reserved(.return)))
    }
    guard let meant = suggestion(for: text, among: openings.map(\.spelling)) else { return nil }
    return openings.first { $0.spelling == meant }
  }

  /// Says of each `loss = e` that a statement's word is not rebound, when no var has that name.
  mutating func checkWordRebindings() {
    for (word, name, equal) in wordRebindings where !declared.contains(name.text) {
      report(.rebindsWord(word, name: name, equal: equal))
    }
  }
}
