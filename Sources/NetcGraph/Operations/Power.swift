import NetcCore

/// `a^b`, elementwise over real numbers or integers of one shape.
///
/// A real negative base needs a whole exponent, else NaN; 0^0 is 1. An integer with a negative
/// exponent gives 1/a^|b| rounded towards 0, and 0 for a = 0.
struct Power: Operation {
  let name = "power"
  let netName = "pow"
  let summary = "the first tensor to the power of the second, elementwise"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.power"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.power

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  /// da = d·b·a^(b-1), 0 where b = 0; db = where(a > 0, d·y·log a, 0), the logarithm taken where it
  /// exists.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [
      call.wanted[0] ? baseAdjoint(call, &b) : nil,
      call.wanted[1] ? exponentAdjoint(call, &b) : nil,
    ]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.arithmetic(call, floats: { S.pow($0, $1) }, ints: wholePower)]
  }

  var samples: [OperationSample] {
    [
      OperationSample([.sample([3], [0.7, 1.3, 2.1]), .sample([3], [1.5, -0.5, 3])]),
      OperationSample([
        .sample([5], ints: [2, -3, 0, 2, -1]), .sample([5], ints: [10, 3, 0, -1, -3]),
      ]),
      OperationSample([.sample([0], []), .sample([0], [])]),
    ]
  }
}

/// A literal exponent is lowered by one at once, so whole powers of 0 and of negative numbers
/// differentiate to any order. Else b - 1 is replaced by 1 where b is 0: 0·a¹ is 0 where 0·a⁻¹
/// might not be.
private func baseAdjoint(_ call: PrimalCall, _ b: inout GraphBuilder) -> ValueID? {
  let base = call.operands[0]
  let exponent = call.operands[1]
  let shape = b.shape(of: base)
  if let literal = b.literal(exponent) {
    switch literal {
    case 0: return nil
    case 1: return call.d
    case 2: return b.multiply(b.scaled(call.d, 2), base)
    default:
      let lower = b.power(base, b.constant(literal - 1, shape))
      return b.multiply(b.scaled(call.d, literal), lower)
    }
  }
  let none = b.compare(.eq, exponent, b.zeros(shape))
  let lowered = b.select(none, b.ones(shape), b.shifted(exponent, -1))
  return b.multiply(b.multiply(call.d, exponent), b.power(base, lowered))
}

private func exponentAdjoint(_ call: PrimalCall, _ b: inout GraphBuilder) -> ValueID {
  let base = call.operands[0]
  let shape = b.shape(of: base)
  let positive = b.compare(.gt, base, b.zeros(shape))
  let logarithm = b.log(b.select(positive, base, b.ones(shape)))
  return b.select(
    positive, b.multiply(b.multiply(call.d, call.y), logarithm), b.zeros(shape))
}

/// By squaring, wrapping.
package func wholePower(_ base: Int32, _ exponent: Int32) -> Int32 {
  if exponent < 0 {
    switch base {
    case 1: return 1
    case -1: return exponent.isMultiple(of: 2) ? 1 : -1
    default: return 0
    }
  }
  var result: Int32 = 1
  var square = base
  var rest = exponent
  while rest > 0 {
    if rest & 1 == 1 { result = result &* square }
    square = square &* square
    rest >>= 1
  }
  return result
}

extension OpID {
  /// `power` in the catalogue.
  package static let power = OpID("power")
}

extension GraphBuilder {
  /// x^y elementwise, both of one type.
  package mutating func power(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.power, [x, y]) }
}
