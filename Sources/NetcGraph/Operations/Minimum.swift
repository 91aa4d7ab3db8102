import NetcCore

/// The lesser of two numbers, elementwise over tensors of one shape; NaN where either is NaN.
struct Minimum: Operation {
  let name = "minimum"
  let summary = "the lesser of two tensors of one shape, elementwise; NaN where either is"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.minimum"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.least

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  /// da = d·(where(a < b, 1, 0) + where(a = b, ½, 0)), db likewise. Beside a literal the other
  /// operand gets where(a < c, d, 0): 0 at the tie, so that max(0, x) differentiates to 0 or d.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    Extremum.adjoints(call, &b, wins: .lt)
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [
      Elementwise.arithmetic(
        call, floats: { $0.isNaN ? $0 : $1.isNaN ? $1 : Swift.min($0, $1) },
        ints: { Swift.min($0, $1) })
    ]
  }

  var samples: [OperationSample] { Elementwise.numericBinarySamples }
}

extension OpID {
  /// `minimum` in the catalogue.
  package static let minimum = OpID("minimum")
}

extension GraphBuilder {
  /// The lesser of x and y, both of one type.
  package mutating func minimum(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.minimum, [x, y]) }
}
