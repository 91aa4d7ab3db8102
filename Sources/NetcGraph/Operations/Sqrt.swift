import NetcCore

/// The square root of each real number: NaN below 0; its derivative is infinite at 0.
struct Sqrt: Operation {
  let name = "sqrt"
  let summary = "the square root of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.sqrt"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.bend(.concave, .increasing, .nonnegative))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d/(2y)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.divide(call.d, b.scaled(call.y, 2))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { $0.squareRoot() }]
  }

  var samples: [OperationSample] { Elementwise.positiveSamples }
}

extension OpID {
  /// `sqrt` in the catalogue.
  package static let sqrt = OpID("sqrt")
}

extension GraphBuilder {
  /// √x.
  package mutating func sqrt(_ x: ValueID) -> ValueID { emit(.sqrt, [x]) }
}
