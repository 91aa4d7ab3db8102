import NetcCore
import NetcGraph

/// An operation on host scalars; `int` ones keep to 32 bits as the operations' reference does.
enum ScalarCode: UInt8, CaseIterable, Sendable {
  case step, move, truncate, isNotZero
  case negate, abs, sign, floor, isFinite
  case exponential, expm1, log, log1p, sqrt, rsqrt, sine, cosine, tanh, logistic, erf
  case add, subtract, multiply, divide, remainder, power, maximum, minimum
  case intNegate, intAbs, intAdd, intSubtract, intMultiply, intDivide, intRemainder, intPower
  case not, and, or, select
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  /// The code of an operation by the types of its operands; nil when it has none.
  init?(_ name: String, _ attributes: Attributes, _ types: [ElementType], _ result: ElementType) {
    let isInt = types.first == .int
    switch name {
    case "convert":
      switch (types.first ?? .float, result) {
      case (.float, .int): self = .truncate
      case (.float, .bool), (.int, .bool): self = .isNotZero
      default: self = .move
      }
    case "identity", "stop_gradient", "reshape", "broadcast_in_dim": self = .move
    case "compare":
      guard let direction = ComparisonDirection(rawValue: attributes.text("direction")) else {
        return nil
      }
      self = ScalarCode.comparisons[direction] ?? .equal
    default:
      guard let code = (isInt ? ScalarCode.ints[name] : nil) ?? ScalarCode.names[name] else {
        return nil
      }
      self = code
    }
  }

  private static let comparisons: [ComparisonDirection: ScalarCode] = [
    .eq: .equal, .ne: .notEqual, .lt: .less, .le: .lessOrEqual, .gt: .greater, .ge: .greaterOrEqual,
  ]

  private static let ints: [String: ScalarCode] = [
    "negate": .intNegate, "abs": .intAbs, "add": .intAdd, "subtract": .intSubtract,
    "multiply": .intMultiply, "divide": .intDivide, "remainder": .intRemainder, "power": .intPower,
  ]

  private static let names: [String: ScalarCode] = [
    "step": .step, "negate": .negate, "abs": .abs, "sign": .sign, "floor": .floor,
    "is_finite": .isFinite, "exponential": .exponential, "exponential_minus_one": .expm1,
    "log": .log, "log_plus_one": .log1p, "sqrt": .sqrt, "rsqrt": .rsqrt, "sine": .sine,
    "cosine": .cosine, "tanh": .tanh, "logistic": .logistic, "erf": .erf, "add": .add,
    "subtract": .subtract, "multiply": .multiply, "divide": .divide, "remainder": .remainder,
    "power": .power, "maximum": .maximum, "minimum": .minimum, "not": .not, "and": .and,
    "or": .or, "select": .select,
  ]

  /// The result for operands `a`, `b`, `c`.
  func value(_ a: Double, _ b: Double, _ c: Double, step: Int64) -> Double {
    switch self {
    case .step: Double(Int32(clamping: step))
    case .move: a
    case .truncate: Double(Int32(clampedFrom: a))
    case .isNotZero: a != 0 ? 1 : 0
    case .isFinite: a.isFinite ? 1 : 0
    case .not: a == 0 ? 1 : 0
    case .and: a != 0 && b != 0 ? 1 : 0
    case .or: a != 0 || b != 0 ? 1 : 0
    case .select: a != 0 ? b : c
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .intNegate, .intAbs, .intAdd, .intSubtract, .intMultiply, .intDivide, .intRemainder,
      .intPower:
      Double(whole(Int32(clampedFrom: a), Int32(clampedFrom: b)))
    case .add, .subtract, .multiply, .divide, .remainder, .power, .maximum, .minimum:
      real(a, b)
    default: real(a)
    }
  }

  private func real(_ a: Double) -> Double {
    switch self {
    case .negate: -a
    case .abs: Swift.abs(a)
    case .sign: a > 0 ? 1 : a < 0 ? -1 : a
    case .floor: a.rounded(.down)
    case .exponential: Double.exp(a)
    case .expm1: Double.expm1(a)
    case .log: Double.log(a)
    case .log1p: Double.log1p(a)
    case .sqrt: a.squareRoot()
    case .rsqrt: 1 / a.squareRoot()
    case .sine: Double.sin(a)
    case .cosine: Double.cos(a)
    case .tanh: Double.tanh(a)
    case .logistic: a >= 0 ? 1 / (1 + Double.exp(-a)) : Double.exp(a) / (1 + Double.exp(a))
    case .erf: Double.erf(a)
    default: a
    }
  }

  private func real(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .remainder: Double.fmod(a, b)
    case .power: Double.pow(a, b)
    case .maximum: a.isNaN ? a : b.isNaN ? b : Swift.max(a, b)
    case .minimum: a.isNaN ? a : b.isNaN ? b : Swift.min(a, b)
    default: a
    }
  }

  private func whole(_ a: Int32, _ b: Int32) -> Int32 {
    switch self {
    case .intNegate: 0 &- a
    case .intAbs: a < 0 ? 0 &- a : a
    case .intAdd: a &+ b
    case .intSubtract: a &- b
    case .intMultiply: a &* b
    case .intDivide: b == 0 ? -1 : a.dividedReportingOverflow(by: b).partialValue
    case .intRemainder: b == 0 ? a : a.remainderReportingOverflow(dividingBy: b).partialValue
    case .intPower: wholePower(a, b)
    default: a
    }
  }
}
