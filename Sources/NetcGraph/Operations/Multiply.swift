import NetcCore

/// `a·b`, elementwise over real numbers or integers of one shape; integers wrap.
struct Multiply: Operation {
  let name = "multiply"
  let summary = "the elementwise product of two tensors of one shape"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.multiply"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.product

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  /// da = d·b, db = d·a
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [
      call.wanted[0] ? b.multiply(call.d, call.operands[1]) : nil,
      call.wanted[1] ? b.multiply(call.d, call.operands[0]) : nil,
    ]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [
      Elementwise.arithmetic(
        call, floats: { $0 * $1 },
        ints: { $0 &* $1 })
    ]
  }

  var samples: [OperationSample] { Elementwise.numericBinarySamples }
}

extension OpID {
  /// `multiply` in the catalogue.
  package static let multiply = OpID("multiply")
}

extension GraphBuilder {
  /// x·y elementwise, both of one type.
  package mutating func multiply(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.multiply, [x, y]) }
}
