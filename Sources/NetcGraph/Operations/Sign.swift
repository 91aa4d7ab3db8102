import NetcCore

/// -1, 0 or 1 as each number is below, at or above 0; NaN stays NaN, -0 stays -0.
struct Sign: Operation {
  let name = "sign"
  let summary = "-1, 0 or 1 by the sign of each element"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.sign"
  let isHostable = true
  let differentiability = Differentiability.zero

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 1)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call, floats: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, ints: { $0.signum() })]
  }

  var samples: [OperationSample] { Elementwise.numericUnarySamples }
}

extension OpID {
  /// `sign` in the catalogue.
  package static let sign = OpID("sign")
}

extension GraphBuilder {
  /// The sign of x as -1, 0 or 1.
  package mutating func sign(_ x: ValueID) -> ValueID { emit(.sign, [x]) }
}
