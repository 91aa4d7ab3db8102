import NetcCore

/// `a - b`, elementwise over real numbers or integers of one shape; integers wrap.
struct Subtract: Operation {
  let name = "subtract"
  let summary = "the difference of two tensors of one shape"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.subtract"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.subtraction

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  /// da = d, db = -d
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [call.d, call.wanted[1] ? b.negate(call.d) : nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [
      Elementwise.arithmetic(
        call, floats: { $0 - $1 },
        ints: { $0 &- $1 })
    ]
  }

  var samples: [OperationSample] { Elementwise.numericBinarySamples }
}

extension OpID {
  /// `subtract` in the catalogue.
  package static let subtract = OpID("subtract")
}

extension GraphBuilder {
  /// x - y, both of one type.
  package mutating func subtract(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.subtract, [x, y]) }
}
