import NetcCore

extension Parser {
  /// `"(" [ argument { "," argument } [ "," ] ] ")"`, the present token the parenthesis.
  mutating func arguments() -> [Argument] {
    let opener = current
    advance()
    var arguments: [Argument] = []
    var lastLabel: Name?
    while kind != .rightParenthesis, !hasFailed {
      let argument = argument()
      if argument.label == nil, let lastLabel, !hasFailed {
        report(.positionalAfterLabel(after: lastLabel, at: argument.range))
      }
      lastLabel = argument.label ?? lastLabel
      arguments.append(argument)
      checkComparison()
      if !accept(.comma) { break }
    }
    close(.rightParenthesis, opened: opener)
    return arguments
  }

  /// `[ NAME ":" ] expr`
  private mutating func argument() -> Argument {
    switch token(1).kind {
    case .colon where kind == .name || kind.isReserved:
      let label = name("a label")
      advance()
      return Argument(label: label, value: expression())
    case .equal where kind == .name:
      let label = name("a label")
      report(.labelWithEqual(label?.text ?? "", at: here))
      advance()
      return Argument(label: label, value: expression())
    default:
      return Argument(value: expression())
    }
  }

  /// `path [ arguments ]`; nil after a failure.
  mutating func target(_ expected: String) -> Target? {
    let start = current.start
    if kind == .leftParenthesis || kind == .number {
      fail(
        .unexpected(
          found, expected: expected, help: "`x |> f(a)` is `f(x, a)`: a name follows the pipe",
          at: here))
    }
    guard let path = path(expected) else { return nil }
    let arguments = kind == .leftParenthesis ? arguments() : nil
    return Target(path: path, arguments: arguments, range: range(from: start))
  }

  /// `target { "|>" target }`
  mutating func chain() -> Chain {
    let start = current.start
    var targets: [Target] = []
    repeat {
      guard let next = target("a name with its arguments") else { break }
      targets.append(next)
    } while accept(.pipe)
    return Chain(targets: targets, range: range(from: start))
  }

  /// `e { "|>" target }`, and nothing that could bind to the last target.
  mutating func pipeline(_ first: Expression, from start: UInt32) -> Expression {
    var value = first
    while accept(.pipe) {
      guard let next = target("a function or layer after `|>`") else { return invalid() }
      value = node(.pipe(value, next), from: start)
    }
    if kind == .leftParenthesis {
      fail(.notCallable(isCall: true, at: here))
    } else if kind == .leftBracket || kind == .caret || Infix.find(kind) != nil {
      fail(
        .operatorAfterPipeline(
          kind.spelling, pipeline: value.range, text: source.text(from: start, to: previousEnd),
          at: here))
    }
    return value
  }
}
