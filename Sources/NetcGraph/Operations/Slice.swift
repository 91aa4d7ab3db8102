package import NetcCore

/// Every `stride`-th element from `start` up to, not including, `limit`, on each axis.
///
/// Constants are checked here; where symbols are involved, 0 ≤ start ≤ limit ≤ size is checked when
/// they are bound.
struct Slice: Operation {
  let name = "slice"
  let summary = "the elements start, start + stride, … below limit on each axis"
  let operandNames = ["x"]
  let attributeNames = ["start", "limit", "stride"]
  let stableHLO = "stablehlo.slice"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 1)
    let shape = operands[0].shape
    let start = try attributes.checkedDims("start", count: shape.rank)
    let limit = try attributes.checkedDims("limit", count: shape.rank)
    let stride = try attributes.checkedInts("stride", count: shape.rank, least: 1)
    var dims: [Dim] = []
    for axis in 0..<shape.rank {
      try Self.checkOrder(start[axis], limit[axis], shape[axis], axis)
      let span = limit[axis] - start[axis]
      let by = Dim(stride[axis])
      dims.append((span + by - Dim(1)).flooredQuotient(by: by) ?? .overflow)
    }
    return [TensorType(operands[0].element, try Shape(dims).checked())]
  }

  /// dx = d padded with zeros where elements were left out.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let source = b.shape(of: call.x)
    let taken = b.shape(of: call.y)
    let start = call.attributes.dims("start")
    let stride = call.attributes.ints("stride")
    if taken.dims.contains(Dim(0)) { return [b.zeros(source)] }
    let high = (0..<source.rank).map { axis in
      source[axis] - start[axis] - (taken[axis] - Dim(1)) * Dim(stride[axis]) - Dim(1)
    }
    return [b.pad(call.d, 0, low: start, high: high, interior: stride.map { $0 - 1 })]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let own = Indexing.strides(x.shape)
    let start = call.bound("start")
    let first = zip(start, own).reduce(0) { $0 + $1.0 * $1.1 }
    let strides = zip(own, call.attributes.ints("stride")).map { $0 * $1 }
    return [
      x.picking(
        Indexing.offsets(call.shape, strides: strides, start: first), shape: call.shape)
    ]
  }

  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? {
    for axis in 0..<operands[0].shape.rank {
      guard let start = attributes.dims("start")[axis].value(bindings),
        let limit = attributes.dims("limit")[axis].value(bindings),
        let size = operands[0].shape[axis].value(bindings), start >= 0, start <= limit,
        limit <= size
      else { return "the slice of axis \(axis) leaves \(operands[0].shape)" }
    }
    return nil
  }

  private static func checkOrder(
    _ start: Dim, _ limit: Dim, _ size: Dim, _ axis: Int
  ) throws(OperationTypeError) {
    if let first = start.constant, first < 0 {
      throw OperationTypeError("the slice of axis \(axis) starts at \(first), below 0")
    }
    if let span = (limit - start).constant, span < 0 {
      throw OperationTypeError(
        "the slice of axis \(axis) ends at \(limit), before its start \(start)")
    }
    if let rest = (size - limit).constant, rest < 0 {
      throw OperationTypeError(
        "the slice of axis \(axis) ends at \(limit), beyond its size \(size)")
    }
  }

  var samples: [OperationSample] {
    [
      OperationSample(
        [.sample([2, 5], [1, -2, 3, 4, -5, 6, 7, 8, -9, 10])],
        ["start": .dims([0, 1]), "limit": .dims([2, 5]), "stride": .ints([1, 3])]),
      OperationSample(
        [.sample([4], [1, 2, 3, 4])],
        ["start": .dims([1]), "limit": .dims([4]), "stride": .ints([2])]),
      OperationSample(
        [.sample([3], ints: [1, 2, 3])],
        ["start": .dims([2]), "limit": .dims([2]), "stride": .ints([1])]),
      OperationSample(
        [.sample([3], [1, 2, 3])],
        ["start": .dims([1]), "limit": .dims([1]), "stride": .ints([2])]),
      OperationSample(
        [.sample([], [0.5])], ["start": .dims([]), "limit": .dims([]), "stride": .ints([])]),
    ]
  }
}

extension OpID {
  /// `slice` in the catalogue.
  package static let slice = OpID("slice")
}

extension GraphBuilder {
  /// The elements start, start + stride, … below limit on each axis; x itself when that is all of
  /// it.
  package mutating func slice(
    _ x: ValueID, start: [Dim], limit: [Dim], stride: [Int]
  ) -> ValueID {
    let isWhole =
      start.allSatisfy { $0 == Dim(0) } && limit == shape(of: x).dims
      && stride.allSatisfy { $0 == 1 }
    if isWhole { return x }
    return emit(
      .slice, [x], ["start": .dims(start), "limit": .dims(limit), "stride": .ints(stride)])
  }

  /// The elements `start ..< limit` of one axis.
  package mutating func slice(_ x: ValueID, axis: Int, _ start: Dim, _ limit: Dim) -> ValueID {
    var starts = [Dim](repeating: 0, count: shape(of: x).rank)
    var limits = shape(of: x).dims
    starts[axis] = start
    limits[axis] = limit
    return slice(x, start: starts, limit: limits, stride: starts.map { _ in 1 })
  }
}
