import NetcCore

/// A table with slices added along one axis where integer indices say; an index out of range adds
/// nothing.
///
/// With `base: [b…, p…, n, r…]` and `indices: [b…, i…]` the updates are `[b…, p…, i…, r…]`, added
/// in row-major order.
struct ScatterAdd: Operation {
  let name = "scatter_add"
  let summary =
    "`base` with `updates` added along `axis` at `indices`, in order; out of range adds nothing"
  let operandNames = ["base", "indices", "updates"]
  let attributeNames = ["axis", "batch_dims"]
  let attributeDefaults: Attributes = ["batch_dims": .int(0)]
  let stableHLO = "stablehlo.scatter with an add region"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.sum

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 3)
    if operands[0].element == .bool {
      throw OperationTypeError("numbers expected, found bool", operand: 0)
    }
    let expected = try IndexedAxis.rowsType(operands[0], operands[1], attributes)
    guard operands[2] == expected else {
      throw OperationTypeError(
        "updates of type \(expected) expected, found \(operands[2])", operand: 2)
    }
    return [operands[0]]
  }

  /// d base = d, d updates = gather(d, indices)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [
      call.d, nil,
      call.wanted[2] ? b.emit(.gather, [call.d, call.operands[1]], call.attributes) : nil,
    ]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let base = call.operands[0]
    let offsets = IndexedAxis.offsets(
      table: base.shape, indices: call.operands[1].shape, call.operands[1].ints,
      axis: call.attributes.int("axis"), batch: call.attributes.int("batch_dims"))
    if case .int(var sums) = base.storage {
      let updates = call.operands[2].ints
      for (place, offset) in offsets.enumerated() where offset >= 0 {
        sums[offset] &+= updates[place]
      }
      return [ReferenceTensor(call.shape, .int(sums))]
    }
    var sums = base.floats
    let updates = call.operands[2].floats
    for (place, offset) in offsets.enumerated() where offset >= 0 { sums[offset] += updates[place] }
    return [ReferenceTensor(call.shape, .float(sums))]
  }

  var samples: [OperationSample] {
    [
      OperationSample(
        [
          .sample([3, 2], [1, -2, 3, 4, -5, 6]), .sample([4], ints: [2, 0, 2, -1]),
          .sample([4, 2], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]),
        ],
        ["axis": .int(0), "batch_dims": .int(0)]),
      OperationSample(
        [
          .sample([2, 3], [1, -2, 3, 4, -5, 6]), .sample([2], ints: [1, 3]),
          .sample([2], [0.1, 0.2]),
        ],
        ["axis": .int(1), "batch_dims": .int(1)]),
      OperationSample(
        [
          .sample([2], ints: [7, 8]), .sample([3], ints: [1, 1, 2]), .sample([3], ints: [1, 2, 3]),
        ],
        ["axis": .int(0), "batch_dims": .int(0)]),
    ]
  }
}

extension OpID {
  /// `scatter_add` in the catalogue.
  package static let scatterAdd = OpID("scatter_add")
}

extension GraphBuilder {
  /// base with updates added along an axis at integer indices; the first `batchDims` axes go along.
  package mutating func scatterAdd(
    _ base: ValueID, _ indices: ValueID, _ updates: ValueID, axis: Int, batchDims: Int = 0
  ) -> ValueID {
    emit(
      .scatterAdd, [base, indices, updates],
      ["axis": .int(axis), "batch_dims": .int(batchDims)])
  }
}
