import NetcCore

/// The greatest whole number that is not above each real number.
struct Floor: Operation {
  let name = "floor"
  let summary = "each element rounded down to a whole number"
  let operandNames = ["x"]
  let stableHLO = "stablehlo.floor"
  let isHostable = true
  let differentiability = Differentiability.zero

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.realType(operands, count: 1)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.map(call) { $0.rounded(.down) }]
  }

  var samples: [OperationSample] { Elementwise.unarySamples }
}

extension OpID {
  /// `floor` in the catalogue.
  package static let floor = OpID("floor")
}

extension GraphBuilder {
  /// ⌊x⌋.
  package mutating func floor(_ x: ValueID) -> ValueID { emit(.floor, [x]) }
}
