import NetcCore

/// `log(1 + x)` of each real number, exact to rounding near 0: -inf at -1, NaN below.
struct LogPlusOne: Operation {
  let name = "log_plus_one"
  let netName = "log1p"
  let summary = "the natural logarithm of 1 plus each element, exact near 0"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.log_plus_one"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.bend(.concave, .increasing, nil))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d/(1 + x)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.divide(call.d, b.shifted(call.x, 1))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.log1p($0) }]
  }

  var samples: [OperationSample] { Elementwise.positiveSamples }
}

extension OpID {
  /// `log_plus_one` in the catalogue.
  package static let logPlusOne = OpID("log_plus_one")
}

extension GraphBuilder {
  /// log(1 + x).
  package mutating func logPlusOne(_ x: ValueID) -> ValueID { emit(.logPlusOne, [x]) }
}
