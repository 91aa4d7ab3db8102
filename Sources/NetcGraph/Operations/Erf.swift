import NetcCore

/// The error function 2/√π ∫₀ˣ e^(-t²) dt of each real number.
struct Erf: Operation {
  let name = "erf"
  let summary = "the error function of each element"
  let operandNames = ["x"]
  let stableHLO = "chlo.erf"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.scalar(.sigmoid(nil))

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  /// dx = d·(2/√π)·exp(-x²)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let bell = b.exponential(b.negate(b.multiply(call.x, call.x)))
    return [b.multiply(call.d, b.scaled(bell, 2 / Double.pi.squareRoot()))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { S.erf($0) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

extension OpID {
  /// `erf` in the catalogue.
  package static let erf = OpID("erf")
}

extension GraphBuilder {
  /// erf x.
  package mutating func erf(_ x: ValueID) -> ValueID { emit(.erf, [x]) }
}
