import NetcCore

/// Whether each real number is neither infinite nor NaN.
struct IsFinite: Operation {
  let name = "is_finite"
  let summary = "whether each element is neither infinite nor NaN"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.is_finite"
  let isHostable = true
  let differentiability = Differentiability.zero
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [TensorType(.bool, try Elementwise.realType(operands, count: 1).shape)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [ReferenceTensor(call.shape, .bool(call.operands[0].floats.map(\.isFinite)))]
  }

  var samples: [OperationSample] {
    [OperationSample([.sample([4], [0.5, .infinity, -.infinity, .nan])])]
  }
}

extension OpID {
  /// `is_finite` in the catalogue.
  package static let isFinite = OpID("is_finite")
}

extension GraphBuilder {
  /// Whether x is neither infinite nor NaN.
  package mutating func isFinite(_ x: ValueID) -> ValueID { emit(.isFinite, [x]) }
}
