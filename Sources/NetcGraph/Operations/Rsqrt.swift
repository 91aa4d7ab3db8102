import NetcCore

/// One over the square root of each real number: inf at 0, NaN below.
struct Rsqrt: Operation {
  let name = "rsqrt"
  let summary = "1 over the square root of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.rsqrt"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.bend(.convex, .decreasing, .nonnegative))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = -½·d·y/x
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.divide(b.multiply(b.scaled(call.d, -0.5), call.y), call.x)]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { 1 / $0.squareRoot() }]
  }

  var samples: [OperationSample] { Elementwise.positiveSamples }
}

extension OpID {
  /// `rsqrt` in the catalogue.
  package static let rsqrt = OpID("rsqrt")
}

extension GraphBuilder {
  /// 1/√x.
  package mutating func rsqrt(_ x: ValueID) -> ValueID { emit(.rsqrt, [x]) }
}
