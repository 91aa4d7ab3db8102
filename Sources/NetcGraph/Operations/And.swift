import NetcCore

/// Whether both truth values hold, elementwise.
struct And: Operation {
  let name = "and"
  let summary = "whether both truth values hold"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.and"
  let isHostable = true
  let differentiability = Differentiability.source
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.boolType(operands, count: 2)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [nil, nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [Elementwise.logic(call) { $0 && $1 }]
  }

  var samples: [OperationSample] {
    [
      OperationSample([
        .sample([4], bools: [true, true, false, false]),
        .sample([4], bools: [true, false, true, false]),
      ])
    ]
  }
}

extension OpID {
  /// `and` in the catalogue.
  package static let and = OpID("and")
}

extension GraphBuilder {
  /// Whether both x and y hold.
  package mutating func and(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.and, [x, y]) }
}
