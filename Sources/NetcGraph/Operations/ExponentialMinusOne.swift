import NetcCore

/// `e^x - 1` of each real number, exact to rounding near 0.
struct ExponentialMinusOne: Operation {
  let name = "exponential_minus_one"
  let netName = "expm1"
  let summary = "e to the power of each element, minus 1, exact near 0"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.exponential_minus_one"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.bend(.convex, .increasing, nil))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d·(y + 1)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.multiply(call.d, b.shifted(call.y, 1))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.expm1($0) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

extension OpID {
  /// `exponential_minus_one` in the catalogue.
  package static let exponentialMinusOne = OpID("exponential_minus_one")
}

extension GraphBuilder {
  /// e^x - 1.
  package mutating func exponentialMinusOne(_ x: ValueID) -> ValueID {
    emit(.exponentialMinusOne, [x])
  }
}
