import NetcCore

/// The operand itself; no derivative flows back through it.
struct StopGradient: Operation {
  let name = "stop_gradient"
  let summary = "the operand itself, constant to every derivative"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.optimization_barrier"
  let isHostable = true
  let differentiability = Differentiability.zero
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.commonType(operands, count: 1)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [call.operands[0]]
  }

  var samples: [OperationSample] {
    [
      OperationSample([.sample([2, 2], [0.5, -1.5, 2, 3])]),
      OperationSample([.sample([2], ints: [1, -2])]),
      OperationSample([.sample([], bools: [true])]),
    ]
  }
}

extension OpID {
  /// `stop_gradient` in the catalogue.
  package static let stopGradient = OpID("stop_gradient")
}

extension GraphBuilder {
  /// x, constant to every derivative.
  package mutating func stopGradient(_ x: ValueID) -> ValueID { emit(.stopGradient, [x]) }
}
