import NetcCore
import NetcGraph

/// How an elementwise operation is written in micro-operations.
enum MapRule {
  /// One micro-operation on the operands in order.
  case direct(MicroOperation)
  /// A comparison, by its direction.
  case compare(ElementType)
  /// A choice, by the type of its sides.
  case select
  /// A change of element type.
  case convert
}

/// The elementwise operations that map programs compute: a line each.
enum MapCatalogue {
  /// Micro-operations for real numbers, integers and truth values.
  private struct Entry {
    var real: MicroOperation?
    var int: MicroOperation?
    var bool: MicroOperation?
  }

  private static let entries: [String: Entry] = [
    "negate": Entry(real: .realNegate, int: .intNegate),
    "abs": Entry(real: .realAbs, int: .intAbs),
    "sign": Entry(real: .realSign, int: .intSign),
    "floor": Entry(real: .realFloor),
    "is_finite": Entry(real: .realIsFinite),
    "not": Entry(bool: .boolNot),
    "and": Entry(bool: .boolAnd),
    "or": Entry(bool: .boolOr),
    "exponential": Entry(real: .realExp),
    "exponential_minus_one": Entry(real: .realExpm1),
    "log": Entry(real: .realLog),
    "log_plus_one": Entry(real: .realLog1p),
    "sqrt": Entry(real: .realSqrt),
    "rsqrt": Entry(real: .realRsqrt),
    "sine": Entry(real: .realSine),
    "cosine": Entry(real: .realCosine),
    "tanh": Entry(real: .realTanh),
    "logistic": Entry(real: .realLogistic),
    "erf": Entry(real: .realErf),
    "add": Entry(real: .realAdd, int: .intAdd),
    "subtract": Entry(real: .realSubtract, int: .intSubtract),
    "multiply": Entry(real: .realMultiply, int: .intMultiply),
    "divide": Entry(real: .realDivide, int: .intDivide),
    "remainder": Entry(real: .realRemainder, int: .intRemainder),
    "power": Entry(real: .realPower, int: .intPower),
    "maximum": Entry(real: .realMaximum, int: .intMaximum),
    "minimum": Entry(real: .realMinimum, int: .intMinimum),
  ]

  private static let table: [Entry?] = OperationCatalogue.operations.map { entries[$0.name] }

  /// The rule of an operation whose first operand has the given type.
  static func rule(_ op: OpID, _ element: ElementType?) -> MapRule? {
    if op == .select { return .select }
    if op == .convert { return .convert }
    if op == .compare { return .compare(element ?? .float) }
    guard let entry = table[Int(op.rawValue)], let element else { return nil }
    let operation =
      switch element {
      case .float: entry.real
      case .int: entry.int
      case .bool: entry.bool
      }
    return operation.map { .direct($0) }
  }
}

extension MapBuilder {
  /// The result of an elementwise node.
  mutating func apply(
    _ rule: MapRule, _ attributes: Attributes, to result: ElementType, _ operands: [Value]
  ) -> Value {
    switch rule {
    case .direct(let operation): return apply(operation, operands)
    case .select: return apply(.select(result), operands)
    case .convert: return converted(operands[0], to: result)
    case .compare(let element):
      let direction = ComparisonDirection(rawValue: attributes.text("direction")) ?? .eq
      return compared(direction, element, operands[0], operands[1])
    }
  }

  /// A value as another element type.
  private mutating func converted(_ x: Value, to result: ElementType) -> Value {
    switch (type(of: x), result) {
    case (.float, .int): apply(.realToInt, x)
    case (.float, .bool): apply(.realToBool, x)
    case (.int, .float): apply(.intToReal, x)
    case (.int, .bool): apply(.intToBool, x)
    case (.bool, .float): apply(.boolToReal, x)
    case (.bool, .int): apply(.boolToInt, x)
    case (.float, .float), (.int, .int), (.bool, .bool): x
    }
  }

  private mutating func compared(
    _ direction: ComparisonDirection, _ element: ElementType, _ a: Value, _ b: Value
  ) -> Value {
    switch (element, direction) {
    case (.float, .eq): apply(.realEqual, a, b)
    case (.float, .ne): apply(.realNotEqual, a, b)
    case (.float, .lt): apply(.realLess, a, b)
    case (.float, .le): apply(.realLessOrEqual, a, b)
    case (.float, .gt): apply(.realGreater, a, b)
    case (.float, .ge): apply(.realGreaterOrEqual, a, b)
    case (.int, .eq): apply(.intEqual, a, b)
    case (.int, .ne): apply(.intNotEqual, a, b)
    case (.int, .lt): apply(.intLess, a, b)
    case (.int, .le): apply(.intLessOrEqual, a, b)
    case (.int, .gt): apply(.intGreater, a, b)
    case (.int, .ge): apply(.intGreaterOrEqual, a, b)
    case (.bool, .eq): apply(.boolNot, apply(.boolXor, a, b))
    case (.bool, .ne): apply(.boolXor, a, b)
    case (.bool, .lt): apply(.boolAnd, apply(.boolNot, a), b)
    case (.bool, .le): apply(.boolOr, apply(.boolNot, a), b)
    case (.bool, .gt): apply(.boolAnd, a, apply(.boolNot, b))
    case (.bool, .ge): apply(.boolOr, a, apply(.boolNot, b))
    }
  }
}
