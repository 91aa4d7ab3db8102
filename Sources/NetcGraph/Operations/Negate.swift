import NetcCore

/// `-x` of each number; an integer wraps: -(-2³¹) = -2³¹.
struct Negate: Operation {
  let name = "negate"
  let summary = "the negative of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.negate"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.negation

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 1)]
  }

  /// dx = -d
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.negate(call.d)]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call, floats: { -$0 }, ints: { 0 &- $0 })]
  }

  var samples: [OperationSample] { Elementwise.numericUnarySamples }
}

extension OpID {
  /// `negate` in the catalogue.
  package static let negate = OpID("negate")
}

extension GraphBuilder {
  /// -x.
  package mutating func negate(_ x: ValueID) -> ValueID { emit(.negate, [x]) }
}
