import NetcCore

/// The logistic function `1/(1 + e^-x)` of each real number; no intermediate overflows.
struct Logistic: Operation {
  let name = "logistic"
  let summary = "1 / (1 + exp(-x)) of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.logistic"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.sigmoid(.nonnegative))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d·y·(1 - y)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.multiply(b.multiply(call.d, call.y), b.oneMinus(call.y))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { logistic($0) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

/// The side whose exponential is at most 1 is computed, so nothing overflows.
private func logistic<S: ReferenceScalar>(_ x: S) -> S {
  if x >= 0 { return 1 / (1 + S.exp(-x)) }
  let small = S.exp(x)
  return small / (1 + small)
}

extension OpID {
  /// `logistic` in the catalogue.
  package static let logistic = OpID("logistic")
}

extension GraphBuilder {
  /// 1/(1 + e^-x).
  package mutating func logistic(_ x: ValueID) -> ValueID { emit(.logistic, [x]) }
}
