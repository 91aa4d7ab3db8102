package import NetcCore

/// Each element's index along one axis, as an integer.
struct Iota: Operation {
  let name = "iota"
  let summary = "each element's own index along `axis` of `shape`"
  let operandNames: [String] = []
  let attributeNames = ["shape", "axis"]
  let stableHLO = "stablehlo.iota"
  let differentiability = Differentiability.source
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 0)
    let shape = try attributes.checkedShape()
    _ = try attributes.checkedAxis(rank: shape.rank)
    return [TensorType(.int, shape)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let axis = call.attributes.int("axis")
    let strides = call.shape.indices.map { $0 == axis ? 1 : 0 }
    let indices = Indexing.offsets(call.shape, strides: strides)
    return [ReferenceTensor(call.shape, .int(indices.map { Int32(truncatingIfNeeded: $0) }))]
  }

  var samples: [OperationSample] {
    [
      OperationSample([], ["shape": .dims([2, 3]), "axis": .int(1)]),
      OperationSample([], ["shape": .dims([2, 3]), "axis": .int(0)]),
      OperationSample([], ["shape": .dims([0]), "axis": .int(0)]),
    ]
  }
}

extension OpID {
  /// `iota` in the catalogue.
  package static let iota = OpID("iota")
}

extension GraphBuilder {
  /// Each element's index along an axis of a shape, as integers.
  package mutating func iota(_ shape: Shape, axis: Int) -> ValueID {
    emit(.iota, [], ["shape": .dims(shape.dims), "axis": .int(axis)])
  }
}
