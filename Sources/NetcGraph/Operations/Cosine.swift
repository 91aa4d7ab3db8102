import NetcCore

/// The cosine of each real number, in radians.
struct Cosine: Operation {
  let name = "cosine"
  let netName = "cos"
  let summary = "the cosine of each element, in radians"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.cosine"
  let isHostable = true
  let differentiability = Differentiability.rule

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = -d·sin x
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.negate(b.multiply(call.d, b.sine(call.x)))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.cos($0) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

extension OpID {
  /// `cosine` in the catalogue.
  package static let cosine = OpID("cosine")
}

extension GraphBuilder {
  /// cos x, x in radians.
  package mutating func cosine(_ x: ValueID) -> ValueID { emit(.cosine, [x]) }
}
