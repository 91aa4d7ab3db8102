import NetcCore

/// The greater of two numbers, elementwise over tensors of one shape; NaN where either is NaN.
struct Maximum: Operation {
  let name = "maximum"
  let summary = "the greater of two tensors of one shape, elementwise; NaN where either is"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.maximum"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.greatest

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  /// da = d·(where(a > b, 1, 0) + where(a = b, ½, 0)), db likewise. Beside a literal the other
  /// operand gets where(a > c, d, 0): 0 at the tie, so that max(0, x) differentiates to 0 or d.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    Extremum.adjoints(call, &b, wins: .gt)
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [
      Elementwise.arithmetic(
        call, floats: { $0.isNaN ? $0 : $1.isNaN ? $1 : Swift.max($0, $1) },
        ints: { Swift.max($0, $1) })
    ]
  }

  var samples: [OperationSample] { Elementwise.numericBinarySamples }
}

extension OpID {
  /// `maximum` in the catalogue.
  package static let maximum = OpID("maximum")
}

extension GraphBuilder {
  /// The greater of x and y, both of one type.
  package mutating func maximum(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.maximum, [x, y]) }
}
