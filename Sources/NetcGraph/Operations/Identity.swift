import NetcCore

/// The operand itself, as a value of its own: what a `grad` names.
struct Identity: Operation {
  let name = "identity"
  let summary = "the operand itself, as a value of its own that a derivative can be taken in"
  let operandNames = ["x"]
  let stableHLO = "none: the operand"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.commonType(operands, count: 1)]
  }

  /// dx = d
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [call.d]
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
  /// `identity` in the catalogue.
  package static let identity = OpID("identity")
}

extension GraphBuilder {
  /// x as a value of its own.
  package mutating func identity(_ x: ValueID) -> ValueID { emit(.identity, [x]) }
}
