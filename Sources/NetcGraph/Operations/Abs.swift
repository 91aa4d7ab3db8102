import NetcCore

/// `|x|` of each number; its derivative at 0 is 0; an integer wraps: |-2³¹| = -2³¹.
struct Abs: Operation {
  let name = "abs"
  let summary = "the magnitude of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.abs"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.bend(.convex, .unknown, .nonnegative))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 1)]
  }

  /// dx = d·sign(x)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.multiply(call.d, b.sign(call.x))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call, floats: { S($0.magnitude) }, ints: { $0 < 0 ? 0 &- $0 : $0 })]
  }

  var samples: [OperationSample] { Elementwise.numericUnarySamples }
}

extension OpID {
  /// `abs` in the catalogue.
  package static let abs = OpID("abs")
}

extension GraphBuilder {
  /// |x|.
  package mutating func abs(_ x: ValueID) -> ValueID { emit(.abs, [x]) }
}
