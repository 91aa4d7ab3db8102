import NetcCore

/// `a + b`, elementwise over real numbers or integers of one shape.
struct Add: Operation {
  let name = "add"
  let summary = "the sum of two tensors of one shape"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.add"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.addition

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [call.d, call.d] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.arithmetic(call, floats: { $0 + $1 }, ints: { $0 &+ $1 })]
  }

  var samples: [OperationSample] { Elementwise.binarySamples }
}

extension OpID {
  /// `add` in the catalogue.
  package static let add = OpID("add")
}

extension GraphBuilder {
  /// `a + b`, both of one type.
  package mutating func add(_ a: ValueID, _ b: ValueID) -> ValueID { emit(.add, [a, b]) }
}
