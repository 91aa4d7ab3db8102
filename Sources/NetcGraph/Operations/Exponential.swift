import NetcCore

/// `e^x` of each real number; infinite above about 88.7 (709.8 in double).
struct Exponential: Operation {
  let name = "exponential"
  let netName = "exp"
  let summary = "e to the power of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.exponential"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.bend(.convex, .increasing, .nonnegative))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d·y
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.multiply(call.d, call.y)]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.exp($0) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

extension OpID {
  /// `exponential` in the catalogue.
  package static let exponential = OpID("exponential")
}

extension GraphBuilder {
  /// e^x.
  package mutating func exponential(_ x: ValueID) -> ValueID { emit(.exponential, [x]) }
}
