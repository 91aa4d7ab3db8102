import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Which of the two connectives.
  enum Connective { case and, or }

  /// `a < b` and its kind: a truth value while the program is compiled, or a tensor of them.
  mutating func compare(
    _ op: ComparisonOperator, _ left: Operand, _ right: Operand, at range: SourceRange
  ) -> Value {
    if left.value.isPoison || right.value.isPoison { return .poison }
    if case .tensor = left.value { return compareTensors(op, left, right, at: range) }
    if case .tensor = right.value { return compareTensors(op, left, right, at: range) }
    switch (left.value, right.value) {
    case (.number(let x), .number(let y)): return .bool(holds(op, x, y))
    case (.dim, .dim), (.dim, .number), (.number, .dim):
      return compareSizes(op, left, right, at: range)
    default: break
    }
    switch op {
    case .equal: return .bool(left.value == right.value)
    case .notEqual: return .bool(left.value != right.value)
    default:
      return fail(
        .notComparable,
        "\(left.value.description) and \(right.value.description) have no order", at: range)
    }
  }

  private func holds(_ op: ComparisonOperator, _ x: Number, _ y: Number) -> Bool {
    switch op {
    case .equal: Number.equals(x, y)
    case .notEqual: !Number.equals(x, y)
    case .less: x < y
    case .greater: y < x
    case .lessOrEqual: x < y || Number.equals(x, y)
    case .greaterOrEqual: y < x || Number.equals(x, y)
    }
  }

  private mutating func compareSizes(
    _ op: ComparisonOperator, _ left: Operand, _ right: Operand, at range: SourceRange
  ) -> Value {
    guard let x = left.value.dimension, let y = right.value.dimension else {
      if op == .equal { return .bool(false) }
      if op == .notEqual { return .bool(true) }
      return compareTensors(op, left, right, at: range)
    }
    guard let difference = (x - y).constant else {
      return fail(
        .notCompileTime,
        "whether \(x) \(op.rawValue) \(y) is not known while the program is compiled",
        at: range)
    }
    return .bool(holds(op, .whole(Int64(difference)), .whole(0)))
  }

  private mutating func compareTensors(
    _ op: ComparisonOperator, _ left: Operand, _ right: Operand, at range: SourceRange
  ) -> Value {
    if case .word = left.value { return .bool(op == .notEqual) }
    if case .word = right.value { return .bool(op == .notEqual) }
    guard let left = settled(left), let right = settled(right),
      let shape = commonShape(left, right, at: range), checkClasses(left, right, at: range),
      let pair = comparable(left, right, shape)
    else { return .poison }
    let direction: ComparisonDirection =
      switch op {
      case .equal: .eq
      case .notEqual: .ne
      case .less: .lt
      case .lessOrEqual: .le
      case .greater: .gt
      case .greaterOrEqual: .ge
      }
    return .tensor(tensor(b.compare(direction, pair.0.id, pair.1.id)))
  }

  private mutating func comparable(
    _ left: Operand, _ right: Operand, _ shape: Shape
  ) -> (TensorValue, TensorValue)? {
    let kinds = [kind(of: left.value), kind(of: right.value)]
    let isBool = kinds.contains(.bool)
    let isFloat = kinds.contains(.float)
    let kind: Kind = isBool ? .bool : isFloat ? .float : .int
    guard let a = comparand(left, kind, shape), let b = comparand(right, kind, shape) else {
      return nil
    }
    return (a, b)
  }

  private mutating func comparand(_ side: Operand, _ kind: Kind, _ shape: Shape) -> TensorValue? {
    if case .number(let number) = side.value, kind != .bool {
      return constant(number.double, kind, shape)
    }
    guard let tensor = tensorValue(side.value, at: side.range) else { return nil }
    if (kind == .bool) != (tensor.kind == .bool) {
      fail(
        .notComparable, "a truth value compares with truth values only", at: side.range,
        label: "this is \(tensor.typeText)", help: ["convert one side: `int(…)` or `float(…)`"])
      return nil
    }
    return broadcast(convert(tensor, to: kind), to: shape)
  }

  private func kind(of value: Value) -> Kind? {
    switch value {
    case .tensor(let tensor): tensor.kind
    case .bool: .bool
    case .number(.real), .list: .float
    default: nil
    }
  }

  private mutating func checkClasses(
    _ left: Operand, _ right: Operand, at range: SourceRange
  ) -> Bool {
    guard case .tensor(let a) = left.value, case .tensor(let b) = right.value else { return true }
    switch (a.kind, b.kind) {
    case (.classes(let x), .classes(let y)) where x.count != y.count:
      fail(.notComparable, "\(x.text) and \(y.text) are different labels", at: range)
      return false
    case (.classes, .float), (.float, .classes):
      fail(
        .notComparable, "labels compare with whole numbers and labels only", at: range,
        help: ["convert the label: `float(…)`"])
      return false
    default: return true
    }
  }

  /// `not a`.
  mutating func not(_ side: Operand) -> Value {
    switch side.value {
    case .bool(let value): return .bool(!value)
    case .poison: return .poison
    default:
      guard let tensor = truth(side) else { return .poison }
      return .tensor(self.tensor(b.not(tensor.id)))
    }
  }

  /// `a and b`, `a or b`; the right side is left alone when the left one decides while compiling.
  mutating func logical(
    _ connective: Connective, _ left: Expression, _ right: Expression, at range: SourceRange
  ) -> Value {
    let a = evaluate(left)
    if a.isPoison { return .poison }
    if case .bool(let known) = a {
      if known != (connective == .and) { return a }
      let b = evaluate(right)
      if case .bool = b { return b }
      if b.isPoison { return .poison }
      return truth(Operand(b, right.range)).map { .tensor($0) } ?? .poison
    }
    let b = evaluate(right)
    if b.isPoison { return .poison }
    if case .bool(let known) = b {
      guard let other = truth(Operand(a, left.range)) else { return .poison }
      return known == (connective == .and) ? .tensor(other) : b
    }
    guard let shape = commonShape(Operand(a, left.range), Operand(b, right.range), at: range),
      let x = truth(Operand(a, left.range)), let y = truth(Operand(b, right.range))
    else { return .poison }
    let first = broadcast(x, to: shape).id
    let second = broadcast(y, to: shape).id
    setOrigin(range)
    return .tensor(
      tensor(connective == .and ? self.b.and(first, second) : self.b.or(first, second)))
  }

  /// A value as a tensor of truth values; nil after reporting that it is none.
  mutating func truth(_ side: Operand) -> TensorValue? {
    guard let tensor = tensorValue(side.value, at: side.range) else { return nil }
    if tensor.kind == .bool { return tensor }
    fail(
      .notCondition, "truth values are needed, found \(tensor.typeText)", at: side.range,
      help: ["compare it with something, as `x != 0`"])
    return nil
  }
}
