import NetcCore

/// Whether at least one of two truth values holds, elementwise.
struct Or: Operation {
  let name = "or"
  let summary = "whether at least one of two truth values holds"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.or"
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
    [Elementwise.logic(call) { $0 || $1 }]
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
  /// `or` in the catalogue.
  package static let or = OpID("or")
}

extension GraphBuilder {
  /// Whether x or y holds.
  package mutating func or(_ x: ValueID, _ y: ValueID) -> ValueID { emit(.or, [x, y]) }
}
