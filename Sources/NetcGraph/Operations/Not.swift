import NetcCore

/// The opposite of each truth value.
struct Not: Operation {
  let name = "not"
  let summary = "the opposite of each truth value"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.not"
  let isHostable = true
  let differentiability = Differentiability.source
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.boolType(operands, count: 1)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [ReferenceTensor(call.shape, .bool(call.operands[0].bools.map { !$0 }))]
  }

  var samples: [OperationSample] { [OperationSample([.sample([2], bools: [true, false])])] }
}

extension OpID {
  /// `not` in the catalogue.
  package static let not = OpID("not")
}

extension GraphBuilder {
  /// The opposite of x.
  package mutating func not(_ x: ValueID) -> ValueID { emit(.not, [x]) }
}
