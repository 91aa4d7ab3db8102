package import NetcCore

/// One operation of a map program, in the order of `NETC_MICRO_OPCODES`.
package enum MicroOperation: UInt16, CaseIterable, Sendable {
  case realMove, intMove, boolMove
  case realNegate, realAbs, realSign, realFloor, realSqrt, realRsqrt
  case realExp, realExpm1, realLog, realLog1p, realTanh, realLogistic, realErf
  /// 1 + erf(a / √2): twice the normal distribution function.
  case realNormal, realSine, realCosine
  case realAdd, realSubtract, realMultiply, realDivide, realPower, realRemainder
  case realMaximum, realMinimum, realMultiplyAdd
  /// c - a b; 0 where a <= 0, else a; 0 where a <= 0, else b.
  case realNegateMultiplyAdd, realRectify, realGate
  case realEqual, realNotEqual, realLess, realLessOrEqual, realGreater, realGreaterOrEqual
  case realIsFinite, realSelect
  case intNegate, intAbs, intSign, intAdd, intSubtract, intMultiply, intDivide, intRemainder,
    intPower
  case intMaximum, intMinimum
  case intEqual, intNotEqual, intLess, intLessOrEqual, intGreater, intGreaterOrEqual, intSelect
  case boolAnd, boolOr, boolXor, boolNot, boolSelect
  case realToInt, realToBool, intToReal, intToBool, boolToReal, boolToInt
  case realIota, intIota

  /// The kinds of its operands.
  package var operands: [ElementType] {
    switch self {
    case .realMove, .realNegate, .realAbs, .realSign, .realFloor, .realSqrt, .realRsqrt, .realExp,
      .realExpm1, .realLog, .realLog1p, .realTanh, .realLogistic, .realErf, .realNormal, .realSine,
      .realCosine, .realIsFinite, .realToInt, .realToBool, .realRectify:
      [.float]
    case .realAdd, .realSubtract, .realMultiply, .realDivide, .realPower, .realRemainder,
      .realMaximum, .realMinimum, .realEqual, .realNotEqual, .realLess, .realLessOrEqual,
      .realGreater, .realGreaterOrEqual, .realGate:
      [.float, .float]
    case .realMultiplyAdd, .realNegateMultiplyAdd: [.float, .float, .float]
    case .realSelect: [.bool, .float, .float]
    case .intMove, .intNegate, .intAbs, .intSign, .intToReal, .intToBool: [.int]
    case .intAdd, .intSubtract, .intMultiply, .intDivide, .intRemainder, .intPower, .intMaximum,
      .intMinimum,
      .intEqual, .intNotEqual, .intLess, .intLessOrEqual, .intGreater, .intGreaterOrEqual,
      .realIota, .intIota:
      [.int, .int]
    case .intSelect: [.bool, .int, .int]
    case .boolMove, .boolNot, .boolToReal, .boolToInt: [.bool]
    case .boolAnd, .boolOr, .boolXor: [.bool, .bool]
    case .boolSelect: [.bool, .bool, .bool]
    }
  }

  /// The kind of its result.
  package var result: ElementType {
    switch self {
    case .realMove, .realNegate, .realAbs, .realSign, .realFloor, .realSqrt, .realRsqrt, .realExp,
      .realExpm1, .realLog, .realLog1p, .realTanh, .realLogistic, .realErf, .realNormal, .realSine,
      .realCosine, .realAdd, .realSubtract, .realMultiply, .realDivide, .realPower, .realRemainder,
      .realMaximum, .realMinimum, .realMultiplyAdd, .realNegateMultiplyAdd, .realRectify, .realGate,
      .realSelect, .intToReal, .boolToReal, .realIota:
      .float
    case .intMove, .intNegate, .intAbs, .intSign, .intAdd, .intSubtract, .intMultiply, .intDivide,
      .intRemainder, .intPower, .intMaximum, .intMinimum, .intSelect, .realToInt, .boolToInt,
      .intIota:
      .int
    case .boolMove, .realEqual, .realNotEqual, .realLess, .realLessOrEqual, .realGreater,
      .realGreaterOrEqual, .realIsFinite, .intEqual, .intNotEqual, .intLess, .intLessOrEqual,
      .intGreater, .intGreaterOrEqual, .boolAnd, .boolOr, .boolXor, .boolNot, .boolSelect,
      .realToBool, .intToBool:
      .bool
    }
  }

  /// Estimated time of one element in single precision on one thread, in nanoseconds.
  package var nanoseconds: Double {
    switch self {
    case .realExp, .realExpm1, .realLog, .realLog1p, .realTanh, .realLogistic: 0.25
    case .realErf, .realNormal, .realSine, .realCosine: 0.5
    case .realPower: 2
    case .realRemainder, .intDivide, .intRemainder, .intPower: 3
    case .realDivide, .realSqrt, .realRsqrt, .realIota, .intIota: 0.15
    default: 0.05
    }
  }

  /// The move of one kind.
  package static func move(_ kind: ElementType) -> MicroOperation {
    switch kind {
    case .float: .realMove
    case .int: .intMove
    case .bool: .boolMove
    }
  }

  /// The choice between two values of one kind.
  package static func select(_ kind: ElementType) -> MicroOperation {
    switch kind {
    case .float: .realSelect
    case .int: .intSelect
    case .bool: .boolSelect
    }
  }
}
