import NetcCore

extension Parser {
  /// `"if" … | disjunction { "|>" target }`
  mutating func expression() -> Expression {
    let outer = height
    height = 0
    defer { height = max(height, outer) }
    guard enter() else {
      leave()
      return invalid()
    }
    defer { leave() }
    if kind == .if { return choice() }
    let start = current.start
    let value = operation(.disjunction)
    return kind == .pipe ? pipeline(value, from: start) : value
  }

  /// `"if" expr "then" expr "else" expr`
  mutating func choice() -> Expression {
    let start = current.start
    let word = here
    advance()
    let condition = expression()
    checkComparison()
    if !accept(.then), !hasFailed {
      fail(
        .choiceForm(
          kind == .leftBrace
            ? "an `if` that is a value has no blocks"
            : "expected `then` after the condition, found \(found)",
          help: "write `if c then a else b`", at: here))
    }
    let then = expression()
    if !accept(.else), !hasFailed {
      fail(.choiceForm("a choice needs its `else`", help: "write `if c then a else b`", at: word))
    }
    let otherwise = expression()
    return node(.ifThenElse(condition: condition, then: then, otherwise: otherwise), from: start)
  }

  /// Operands and the operators between them that bind at least as tightly as `lowest`.
  mutating func operation(_ lowest: Level) -> Expression {
    let outer = height
    height = 0
    defer { height = max(height, outer) }
    let start = current.start
    var left = kind == .not && lowest <= .negation ? negation() : unary()
    while let (level, infix) = Infix.find(kind), level >= lowest {
      let symbol = current
      advance()
      let right = operation(level.next)
      if case .closed = infix, !hasFailed { reportClosedRange(symbol, right) }
      left = node(infix.applied(left, right), from: start)
      if level.isSingle, let following = Infix.find(kind), following.level == level {
        fail(.chained(level == .comparison ? "comparisons" : "ranges", at: here))
      }
    }
    return left
  }

  /// `"not" negation`
  private mutating func negation() -> Expression {
    let start = current.start
    guard enter() else {
      leave()
      return invalid()
    }
    defer { leave() }
    advance()
    let operand = operation(.negation)
    return node(.not(operand), from: start)
  }

  /// `"-" unary | power`
  private mutating func unary() -> Expression {
    let outer = height
    height = 0
    defer { height = max(height, outer) }
    let start = current.start
    guard kind == .minus else { return power(from: start) }
    guard enter() else {
      leave()
      return invalid()
    }
    defer { leave() }
    advance()
    let operand = unary()
    return node(.negate(operand), from: start)
  }

  /// `postfix [ "^" unary ]`
  private mutating func power(from start: UInt32) -> Expression {
    let base = postfix()
    guard kind == .caret else { return base }
    guard enter() else {
      leave()
      return invalid()
    }
    defer { leave() }
    advance()
    let exponent = unary()
    return node(.binary(.power, base, exponent), from: start)
  }

  /// Makes a node over everything read since `start`, or fails when its tree gets too deep.
  mutating func node(_ kind: Expression.Kind, from start: UInt32) -> Expression {
    height += 1
    if height > ParserLimits.height {
      fail(.tooDeep("an expression has more than \(ParserLimits.height) parts in a row", at: here))
      isHopeless = true
      return invalid()
    }
    return Expression(kind, range(from: start))
  }

  /// What stands for text that could not be read.
  func invalid() -> Expression {
    Expression(.invalid, SourceRange(file: file, start: current.start, end: current.start))
  }

  /// Says that `=` does not compare, when one follows an expression where none can.
  mutating func checkComparison() {
    guard kind == .equal else { return }
    fail(.equalInExpression(at: here))
  }

  private mutating func reportClosedRange(_ symbol: Token, _ right: Expression) {
    var next: String?
    if case .number(let number) = right.kind, case .whole(let last) = number.value, last < Int64.max
    {
      next = String(last + 1)
    }
    report(.closedRange(symbol: range(of: symbol), end: right.range, next: next))
  }
}
