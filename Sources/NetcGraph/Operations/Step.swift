import NetcCore

/// The number of completed updates, an integer scalar.
struct Step: Operation {
  let name = "step"
  let summary = "the number of completed updates"
  let operandNames: [String] = []
  let stableHLO = "function argument"
  let isHostable = true
  let differentiability = Differentiability.source
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 0)
    return [TensorType(.int, .scalar)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [ReferenceTensor([], .int([Int32(clamping: call.context.step)]))]
  }

  var samples: [OperationSample] { [OperationSample([])] }
}

extension OpID {
  /// `step` in the catalogue.
  package static let step = OpID("step")
}

extension GraphBuilder {
  /// The number of completed updates, an integer scalar.
  package mutating func step() -> ValueID { emit(.step, []) }
}
