import NetcCore

/// The sine of each real number, in radians.
struct Sine: Operation {
  let name = "sine"
  let netName = "sin"
  let summary = "the sine of each element, in radians"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.sine"
  let isHostable = true
  let differentiability = Differentiability.rule

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d·cos x
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.multiply(call.d, b.cosine(call.x))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.sin($0) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

extension OpID {
  /// `sine` in the catalogue.
  package static let sine = OpID("sine")
}

extension GraphBuilder {
  /// sin x, x in radians.
  package mutating func sine(_ x: ValueID) -> ValueID { emit(.sine, [x]) }
}
