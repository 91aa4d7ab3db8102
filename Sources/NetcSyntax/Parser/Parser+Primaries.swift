import NetcCore

extension Parser {
  /// `primary { "[" index { "," index } "]" }`
  mutating func postfix() -> Expression {
    let start = current.start
    var value = primary()
    while kind == .leftBracket {
      let indices = indices()
      value = node(.index(value, indices), from: start)
    }
    if kind == .leftParenthesis || kind == .dot, !current.isFirstOnLine,
      list.tokens[position - 1].kind.endsOperand
    {
      let isCall = kind == .leftParenthesis
      switch value.kind {
      case .call, .index, .path: fail(.notCallable(isCall: isCall, at: here))
      default: break
      }
    }
    return value
  }

  /// A number, string, name, call, list, scan or expression in parentheses.
  private mutating func primary() -> Expression {
    let start = current.start
    switch kind {
    case .number:
      let number = list.numbers[current.payload]
      advance()
      return node(.number(number), from: start)
    case .string:
      let string = list.strings[current.payload]
      advance()
      return node(.string(string.value), from: start)
    case .true, .false:
      let value = kind == .true
      advance()
      return node(.bool(value), from: start)
    case .name: return pathOrCall()
    case .leftParenthesis: return parenthesized()
    case .leftBracket: return listLiteral()
    case .var where token(1).kind == .leftParenthesis:
      report(.variance(at: here))
      return pathOrCall()
    case .if:
      report(.choiceInOperation(at: here))
      return choice()
    default:
      if !hasFailed { fail(missingExpression()) }
      return invalid()
    }
  }

  /// `path [ arguments ]`, or a scan.
  private mutating func pathOrCall() -> Expression {
    let start = current.start
    if word == .scan, token(1).kind == .name, token(2).word == .in {
      guard enter() else {
        leave()
        return invalid()
      }
      defer { leave() }
      advance()
      let scan = scan(isStatement: false)
      return node(.scan(scan), from: start)
    }
    let path: Path?
    if kind == .var {
      path = Path(Name("variance", here))
      advance()
    } else {
      path = self.path("a name")
    }
    guard let path else { return invalid() }
    if kind == .leftParenthesis { return node(.call(path, arguments()), from: start) }
    return node(.path(path), from: start)
  }

  /// `"(" expr ")"`; what is inside, with the place of the parentheses.
  private mutating func parenthesized() -> Expression {
    let opener = current
    advance()
    let value = expression()
    checkComparison()
    if kind == .comma {
      var parts = [value]
      report(.tuple(at: range(of: opener)))
      while accept(.comma), kind != .rightParenthesis { parts.append(expression()) }
      close(.rightParenthesis, opened: opener)
      return node(.list(parts), from: opener.start)
    }
    close(.rightParenthesis, opened: opener, separator: "")
    return Expression(value.kind, range(from: opener.start))
  }

  /// `"[" [ expr { "," expr } [ "," ] ] "]"`
  private mutating func listLiteral() -> Expression {
    let opener = current
    advance()
    var items: [Expression] = []
    while kind != .rightBracket, !hasFailed {
      items.append(expression())
      if !accept(.comma) { break }
    }
    close(.rightBracket, opened: opener)
    return node(.list(items), from: opener.start)
  }

  /// `"[" index { "," index } "]"`
  private mutating func indices() -> [Index] {
    let opener = current
    advance()
    var indices: [Index] = []
    repeat { indices.append(index()) } while accept(.comma)
    close(.rightBracket, opened: opener)
    return indices
  }

  /// `"..." | expr | [ expr ] ":" [ expr ] [ ":" expr ]`
  private mutating func index() -> Index {
    let start = current.start
    if accept(.ellipsis) { return Index(.rest, range(from: start)) }
    let first = kind == .colon ? nil : expression()
    if let first, case .range(let from, let to) = first.kind, kind != .colon {
      report(.rangeInIndex(from: from.range, to: to.range, at: first.range))
      return Index(.slice(from: from, to: to, step: nil), first.range)
    }
    guard accept(.colon) else {
      return Index(.at(first ?? invalid()), range(from: start))
    }
    let last = endsIndexPart ? nil : expression()
    let step = accept(.colon) ? expression() : nil
    return Index(.slice(from: first, to: last, step: step), range(from: start))
  }

  private var endsIndexPart: Bool {
    kind == .colon || kind == .comma || kind == .rightBracket
  }

  /// The error for a token no expression begins with.
  private func missingExpression() -> Diagnostic {
    let before = position > 0 ? list.tokens[position - 1] : nil
    var help: String?
    if kind == .not { help = "`not` binds looser than this operator: write `(not x)`" }
    if kind == .plus { help = "a number has no sign `+`: drop it" }
    if kind == .leftBrace { help = "no expression contains `{`: a list is `[a, b]`" }
    let after = before.map { "`\(text(of: $0))`" }
    return .missingExpression(found: found, after: after, help: help, at: gap)
  }
}
