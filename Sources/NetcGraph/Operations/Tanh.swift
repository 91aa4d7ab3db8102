import NetcCore

/// The hyperbolic tangent of each real number.
struct Tanh: Operation {
  let name = "tanh"
  let summary = "the hyperbolic tangent of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.tanh"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.sigmoid(nil))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d·(1 - y²)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.multiply(call.d, b.oneMinus(b.multiply(call.y, call.y)))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.tanh($0) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

extension OpID {
  /// `tanh` in the catalogue.
  package static let tanh = OpID("tanh")
}

extension GraphBuilder {
  /// tanh x.
  package mutating func tanh(_ x: ValueID) -> ValueID { emit(.tanh, [x]) }
}
