import NetcCore

/// The natural logarithm of each real number: -inf at 0, NaN below.
struct Log: Operation {
  let name = "log"
  let summary = "the natural logarithm of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.log"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.bend(.concave, .increasing, .unknown))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d/x
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.divide(call.d, call.x)]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.log($0) }]
  }

  var samples: [OperationSample] { Elementwise.positiveSamples }
}

extension OpID {
  /// `log` in the catalogue.
  package static let log = OpID("log")
}

extension GraphBuilder {
  /// The natural logarithm of x.
  package mutating func log(_ x: ValueID) -> ValueID { emit(.log, [x]) }
}
