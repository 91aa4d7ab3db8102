import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// `-x`.
  mutating func negate(_ value: Value, at range: SourceRange) -> Value {
    switch value {
    case .number(let number):
      guard let result = number.negated else { return overflow(at: range) }
      return .number(result)
    case .dim(let dim): return .size(Dim(0) - dim)
    case .poison: return .poison
    default:
      guard let operand = numeric(Operand(value, range)) else { return .poison }
      setOrigin(range)
      return .tensor(tensor(b.negate(operand.id)))
    }
  }

  /// `a + b` and its kind: numbers and sizes while the program is compiled, else nodes with both
  /// sides broadcast.
  mutating func binary(
    _ op: BinaryOperator, _ left: Operand, _ right: Operand, at range: SourceRange
  ) -> Value {
    if left.value.isPoison || right.value.isPoison { return .poison }
    guard let left = settled(left), let right = settled(right) else { return .poison }
    if op == .matmul { return matmul(left, right, at: range) }
    switch (left.value, right.value) {
    case (.number(let x), .number(let y)): return arithmetic(op, x, y, at: range)
    case (.dim, .dim), (.dim, .number), (.number, .dim):
      if let x = left.value.dimension, let y = right.value.dimension,
        let result = arithmetic(op, x, y)
      {
        return .size(result)
      }
    default: break
    }
    return tensorArithmetic(op, left, right, at: range)
  }

  /// An operand with a list made a constant tensor; nil after reporting that it is none.
  mutating func settled(_ side: Operand) -> Operand? {
    guard case .list = side.value else { return side }
    return constantTensor(side.value, at: side.range).map { Operand(.tensor($0), side.range) }
  }

  private mutating func arithmetic(
    _ op: BinaryOperator, _ x: Number, _ y: Number, at range: SourceRange
  ) -> Value {
    let result: Number?
    switch op {
    case .add: result = x + y
    case .subtract: result = x - y
    case .multiply: result = x * y
    case .divide: result = x / y
    case .power: result = Number.power(x, y)
    case .matmul: result = nil
    }
    guard let result else { return overflow(at: range) }
    return .number(result)
  }

  private mutating func overflow(at range: SourceRange) -> Value {
    fail(
      .numberOverflow, "this whole number does not fit in 64 bits", at: range,
      help: ["write one operand with a fraction, as `10.0 ^ 20`, to compute in floating point"])
  }

  private func arithmetic(_ op: BinaryOperator, _ x: Dim, _ y: Dim) -> Dim? {
    switch op {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .divide: return x.dividedExactly(by: y)
    case .power:
      guard let exponent = y.constant, exponent >= 0, exponent <= 8 else { return nil }
      return (0..<exponent).reduce(Dim(1)) { product, _ in product * x }
    case .matmul: return nil
    }
  }

  private mutating func tensorArithmetic(
    _ op: BinaryOperator, _ left: Operand, _ right: Operand, at range: SourceRange
  ) -> Value {
    guard let pair = pair(left, right, forcesFloat: op == .divide || op == .power, at: range) else {
      return .poison
    }
    let id: ValueID
    switch op {
    case .add: id = b.add(pair.a.id, pair.b.id)
    case .subtract: id = b.subtract(pair.a.id, pair.b.id)
    case .multiply: id = b.multiply(pair.a.id, pair.b.id)
    case .divide: id = b.divide(pair.a.id, pair.b.id)
    case .power: id = b.power(pair.a.id, pair.b.id)
    case .matmul: return .poison
    }
    return .tensor(tensor(id))
  }

  /// Both sides as numbers of one type and shape; nil after a mistake was reported.
  mutating func pair(
    _ left: Operand, _ right: Operand, forcesFloat: Bool = false, at range: SourceRange
  ) -> (a: TensorValue, b: TensorValue)? {
    guard let shape = commonShape(left, right, at: range) else { return nil }
    let isFloat =
      forcesFloat || isReal(left.value) || isReal(right.value)
    let kind: Kind = isFloat ? .float : .int
    guard let a = operand(left, kind, shape), let b = operand(right, kind, shape) else {
      return nil
    }
    return (a, b)
  }

  /// Whether a value makes the arithmetic it takes part in real.
  private func isReal(_ value: Value) -> Bool {
    switch value {
    case .number(.real): true
    case .tensor(let tensor): tensor.kind == .float
    case .list: true
    default: false
    }
  }

  /// One side as a tensor of this kind and shape; a number becomes a constant of that shape.
  mutating func operand(_ side: Operand, _ kind: Kind, _ shape: Shape) -> TensorValue? {
    if case .number(let number) = side.value { return constant(number.double, kind, shape) }
    guard let tensor = numeric(side) else { return nil }
    return broadcast(convert(tensor, to: kind), to: shape)
  }

  /// A value as a tensor of numbers: bool and class never become numbers by themselves.
  mutating func numeric(_ side: Operand) -> TensorValue? {
    guard let tensor = tensorValue(side.value, at: side.range) else { return nil }
    switch tensor.kind {
    case .float, .int: return tensor
    case .bool, .classes:
      let converted = applying(tensor.kind == .bool ? "float" : "int", "", to: side.range)
      fail(
        .notANumber, "\(tensor.typeText) does not take part in arithmetic", at: side.range,
        help: ["convert it: `\(converted.text)`"], fixes: [converted.fix])
      return nil
    }
  }

  /// The shape both sides broadcast to; nil after reporting that there is none.
  mutating func commonShape(_ left: Operand, _ right: Operand, at range: SourceRange) -> Shape? {
    let a = shape(of: left.value)
    let b = shape(of: right.value)
    if a == b { return a }
    let long = a.rank >= b.rank ? a : b
    let short = a.rank >= b.rank ? b : a
    var dims = long.dims
    let offset = long.rank - short.rank
    for axis in 0..<short.rank {
      let x = long[offset + axis]
      let y = short[axis]
      if x == y || y == Dim(1) { continue }
      guard x == Dim(1) else {
        reportShapes(left, right, a, b, at: range)
        return nil
      }
      dims[offset + axis] = y
    }
    let result = Shape(dims)
    if offset > 0, result != long {
      reportExtension(left, right, a, b, result, at: range)
      return nil
    }
    guard isCountable(result, at: range) else { return nil }
    return result
  }

  /// The shape of a value as an operand; a scalar for numbers.
  func shape(of value: Value) -> Shape {
    switch value {
    case .tensor(let tensor): return tensor.shape
    case .list(let values):
      guard let first = values.first else { return [0] }
      return Shape([Dim(values.count)] + shape(of: first).dims)
    default: return .scalar
    }
  }

  private mutating func reportShapes(
    _ left: Operand, _ right: Operand, _ a: Shape, _ b: Shape, at range: SourceRange
  ) {
    // Counted from the last axis on, as shapes are compared.
    let differing = (0..<min(a.rank, b.rank)).map { $0 + 1 }.filter { place in
      let (x, y) = (a[a.rank - place], b[b.rank - place])
      return x != y && x != Dim(1) && y != Dim(1)
    }
    let sides = [
      shapeSide(left, axes: differing.map { a.rank - $0 }),
      shapeSide(right, axes: differing.map { b.rank - $0 }),
    ]
    var mending: (help: [String], fixes: [Diagnostic.Fix]) = ([], [])
    if differing.count == 1 {
      let (x, y) = (a[a.rank - differing[0]], b[b.rank - differing[0]])
      mending = correction([(sides[0].notes, x, y), (sides[1].notes, y, x)])
    }
    if let missing = missingBatch((a.dims, b.dims), right.value)
      ?? missingBatch((b.dims, a.dims), left.value)
    {
      mending = missing
    } else if a.rank == b.rank + 1 || b.rank == a.rank + 1 {
      mending.help.append("a reduction keeps its axis with `keep_dims: true`")
    }
    fail(
      .shapesDiffer, "shapes \(a) and \(b) do not go together", at: range,
      notes: labels(sides), help: mending.help, fixes: mending.fixes)
  }

  private mutating func reportExtension(
    _ left: Operand, _ right: Operand, _ a: Shape, _ b: Shape, _ result: Shape,
    at range: SourceRange
  ) {
    let (wide, narrow) = a.rank > b.rank ? (a, b) : (b, a)
    let side = a.rank > b.rank ? left : right
    let sides = [shapeSide(left, axes: []), shapeSide(right, axes: [])]
    var help = "squeeze one side, as `squeeze(x, axis: -1)`, or give both the same rank"
    var fixes: [Diagnostic.Fix] = []
    if wide.dims == narrow.dims + [Dim(1)] {
      let squeezed = applying("squeeze", "axis: -1", to: side.range)
      help = "drop the last axis: `\(squeezed.text)`"
      fixes = [squeezed.fix]
    }
    fail(
      .broadcastRefused, "\(a) and \(b) would make \(result)", at: range,
      notes: labels(sides), help: [help], fixes: fixes)
  }
}
