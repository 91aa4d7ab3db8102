import NetcCore
import NetcSyntax

extension Lowering {
  /// What an expression evaluates to in the current frame; nodes it needs are added to the graph.
  mutating func evaluate(_ expression: Expression) -> Value {
    work.depth += 1
    defer { work.depth -= 1 }
    guard work.depth <= WorkBudget.deepest, !work.isSpent else {
      if !work.isSpent { exhaust("expressions are nested too deep", at: expression.range) }
      return .poison
    }
    switch expression.kind {
    case .number(let literal):
      switch literal.value {
      case .whole(let value): return .number(.whole(value))
      case .real(let value): return .number(.real(value))
      }
    case .string(let text): return .string(text)
    case .bool(let value): return .bool(value)
    case .path(let path): return value(of: path)
    case .call(let path, let arguments): return call(path, arguments, range: expression.range)
    case .pipe(let input, let target):
      let value = evaluate(input)
      return call(
        target.path, target.arguments ?? [], piped: (value, input.stage),
        range: target.range)
    case .negate(let operand): return negate(evaluate(operand), at: expression.range)
    case .binary(let op, let left, let right):
      let a = evaluate(left)
      let b = evaluate(right)
      setOrigin(expression.range)
      return binary(op, Operand(a, left.stage), Operand(b, right.stage), at: expression.range)
    case .comparison(let op, let left, let right):
      let a = evaluate(left)
      let b = evaluate(right)
      setOrigin(expression.range)
      return compare(op, Operand(a, left.stage), Operand(b, right.stage), at: expression.range)
    case .not(let operand): return not(Operand(evaluate(operand), operand.range))
    case .and(let left, let right): return logical(.and, left, right, at: expression.range)
    case .or(let left, let right): return logical(.or, left, right, at: expression.range)
    case .range(let from, let to): return range(from, to)
    case .ifThenElse(let condition, let then, let otherwise):
      guard let holds = self.condition(condition) else { return .poison }
      return evaluate(holds ? then : otherwise)
    case .list(let elements):
      return .list(elements.map { evaluate($0) })
    case .index(let base, let indices): return index(base, indices, at: expression.range)
    case .scan(let scan): return self.scan(scan, at: expression.range)
    case .invalid: return .poison
    }
  }

  /// The truth of a condition known while the program is compiled; nil after a mistake was
  /// reported.
  mutating func condition(_ expression: Expression) -> Bool? {
    let value = evaluate(expression)
    switch value {
    case .bool(let value): return value
    case .poison: return nil
    case .tensor(let tensor):
      fail(
        .notCompileTime, "a condition must be known while the program is compiled",
        at: expression.range, label: "this is computed at run time, a \(tensor.typeText)",
        help: ["`where(condition, a, b)` chooses at run time"])
    default:
      fail(
        .notCondition, "a condition is true or false, found \(value.description)",
        at: expression.range)
    }
    return nil
  }

  private mutating func range(_ from: Expression, _ to: Expression) -> Value {
    let lower = evaluate(from)
    let upper = evaluate(to)
    if lower.isPoison || upper.isPoison { return .poison }
    guard let first = wholeNumber(lower, at: from.range),
      let last = wholeNumber(upper, at: to.range)
    else { return .poison }
    return .range(lower: first, upper: max(first, last))
  }

  /// The whole number a value is; nil after reporting that it is none that is known.
  mutating func wholeNumber(_ value: Value, at range: SourceRange) -> Int? {
    guard let size = size(value, at: range) else { return nil }
    guard let known = size.constant else {
      fail(
        .notCompileTime, "a number known while the program is compiled is needed here", at: range,
        label: "this is \(size)")
      return nil
    }
    return known
  }

  /// Reports that the program asks for more work than the compiler does; nothing is lowered after
  /// it.
  mutating func exhaust(_ message: String, at range: SourceRange) {
    work.isSpent = true
    fail(.tooMuchWork, message, at: range)
  }
}

extension Expression {
  /// The text that stands for its value: of a pipeline the last stage.
  var stage: SourceRange {
    if case .pipe(_, let target) = kind { target.range } else { range }
  }
}

/// A value with the text it comes from.
struct Operand: Sendable {
  var value: Value
  var range: SourceRange

  init(_ value: Value, _ range: SourceRange) {
    self.value = value
    self.range = range
  }
}
