import NetcCore

/// `a/b`, elementwise over real numbers or integers of one shape.
///
/// Integers round towards 0; by 0 they give -1, and -2³¹/-1 wraps to -2³¹, as in XLA.
struct Divide: Operation {
  let name = "divide"
  let summary = "the elementwise quotient of two tensors of one shape; integers round towards 0"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.divide"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.quotient

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  /// da = d/b, db = -d·y/b
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [
      call.wanted[0] ? b.divide(call.d, call.operands[1]) : nil,
      call.wanted[1]
        ? b.negate(b.divide(b.multiply(call.d, call.y), call.operands[1])) : nil,
    ]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [
      Elementwise.arithmetic(
        call, floats: { $0 / $1 },
        ints: { $1 == 0 ? -1 : $0.dividedReportingOverflow(by: $1).partialValue })
    ]
  }

  var samples: [OperationSample] { Elementwise.numericBinarySamples }
}

extension OpID {
  /// `divide` in the catalogue.
  package static let divide = OpID("divide")
}

extension GraphBuilder {
  /// x/y elementwise, both of one type.
  package mutating func divide(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.divide, [x, y]) }
}
