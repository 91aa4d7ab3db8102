import NetcCore

/// The slices of a table along one axis that integer indices name; an index out of range reads 0.
///
/// With `x: [b…, p…, n, r…]` (`axis` the place of `n`, `batch_dims` the number of `b`) and
/// `indices: [b…, i…]` the result is `[b…, p…, i…, r…]`.
struct Gather: Operation {
  let name = "gather"
  let summary =
    "slices of `x` along `axis` at `indices`, by the first `batch_dims` axes; out of range reads 0"
  let operandNames = ["x", "indices"]
  let attributeNames = ["axis", "batch_dims"]
  let attributeDefaults: Attributes = ["batch_dims": .int(0)]
  let stableHLO = "stablehlo.gather, then stablehlo.select for indices out of range"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 2)
    return [try IndexedAxis.rowsType(operands[0], operands[1], attributes)]
  }

  /// dx = scatter_add(0, indices, d)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let zeros = b.zeros(b.shape(of: call.x))
    return [b.emit(.scatterAdd, [zeros, call.operands[1], call.d], call.attributes), nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let offsets = IndexedAxis.offsets(
      table: x.shape, indices: call.operands[1].shape, call.operands[1].ints,
      axis: call.attributes.int("axis"), batch: call.attributes.int("batch_dims"))
    return [x.picking(offsets, shape: call.shape)]
  }

  var samples: [OperationSample] {
    let table = Tensor.sample([3, 2], [1, -2, 3, 4, -5, 6])
    return [
      OperationSample(
        [table, .sample([4], ints: [2, 0, 2, -1])], ["axis": .int(0), "batch_dims": .int(0)]),
      OperationSample(
        [table, .sample([2, 2], ints: [1, 5, 0, 0])], ["axis": .int(1), "batch_dims": .int(0)]),
      OperationSample(
        [table, .sample([3], ints: [1, 0, 1])], ["axis": .int(1), "batch_dims": .int(1)]),
      OperationSample([table, .sample([], ints: [1])], ["axis": .int(0), "batch_dims": .int(0)]),
      OperationSample(
        [.sample([2], ints: [7, 8]), .sample([3], ints: [1, 0, 2])],
        ["axis": .int(0), "batch_dims": .int(0)]),
      OperationSample(
        [.sample([2, 0], []), .sample([1], ints: [1])], ["axis": .int(0), "batch_dims": .int(0)]),
    ]
  }
}

extension OpID {
  /// `gather` in the catalogue.
  package static let gather = OpID("gather")
}

extension GraphBuilder {
  /// The slices of x along an axis at integer indices; the first `batchDims` axes of both go along.
  package mutating func gather(
    _ x: ValueID, _ indices: ValueID, axis: Int, batchDims: Int = 0
  ) -> ValueID {
    emit(.gather, [x, indices], ["axis": .int(axis), "batch_dims": .int(batchDims)])
  }
}
