package import NetcCore

/// The operand with `value` put before, after and between its elements, on each axis.
///
/// A negative `low` or `high` cuts elements off. `interior` elements go between each two. A `low`
/// or `high` with symbols in it must not be negative, which is checked when they are bound.
struct Pad: Operation {
  let name = "pad"
  let summary =
    "`x` with `low` times `value` before, `high` after and `interior` between its elements"
  let operandNames = ["x"]
  let attributeNames = ["value", "low", "high", "interior"]
  let attributeDefaults: Attributes = ["value": .number(ExactNumber(0))]
  let stableHLO = "stablehlo.pad"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 1)
    let shape = operands[0].shape
    _ = try attributes.checkedNumber("value")
    let low = try attributes.checkedDims("low", count: shape.rank)
    let high = try attributes.checkedDims("high", count: shape.rank)
    let interior = try attributes.checkedInts("interior", count: shape.rank, least: 0)
    var dims: [Dim] = []
    for axis in 0..<shape.rank {
      let between = shape[axis] == Dim(0) ? Dim(0) : (shape[axis] - Dim(1)) * Dim(interior[axis])
      dims.append(low[axis] + high[axis] + shape[axis] + between)
    }
    return [TensorType(operands[0].element, try Shape(dims).checked())]
  }

  /// dx = the elements of d that are x's, 0 where x was cut off.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let source = b.shape(of: call.x)
    let interior = call.attributes.ints("interior")
    if source.dims.contains(Dim(0)) { return [b.zeros(source)] }
    let low = call.attributes.dims("low")
    let whole = b.pad(
      call.d, 0, low: low.map(Self.cut), high: call.attributes.dims("high").map(Self.cut),
      interior: interior.map { _ in 0 })
    let start = low.map { $0 + Self.cut($0) }
    let limit = (0..<source.rank).map { axis in
      start[axis] + (source[axis] - Dim(1)) * Dim(interior[axis] + 1) + Dim(1)
    }
    return [b.slice(whole, start: start, limit: limit, stride: interior.map { $0 + 1 })]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let low = call.bound("low")
    let spread = call.attributes.ints("interior").map { $0 + 1 }
    let target = Indexing.strides(call.shape)
    var offsets = [0]
    for axis in x.shape.indices {
      let places = (0..<x.shape[axis]).map { index in
        let place = low[axis] + index * spread[axis]
        return place >= 0 && place < call.shape[axis] ? place * target[axis] : -1
      }
      offsets = offsets.flatMap { base in
        places.map { base < 0 || $0 < 0 ? -1 : base + $0 }
      }
    }
    var result = ReferenceTensor.filled(call.shape, call.attributes.number("value"), like: x)
    result.place(x, at: offsets)
    return [result]
  }

  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? {
    for dim in attributes.dims("low") + attributes.dims("high") where dim.constant == nil {
      guard let value = dim.value(bindings), value >= 0 else {
        return "the padding \(dim) is below 0"
      }
    }
    return nil
  }

  /// How many elements a margin cuts off.
  private static func cut(_ margin: Dim) -> Dim {
    guard let known = margin.constant, known < 0 else { return Dim(0) }
    return Dim(0) - margin
  }

  var samples: [OperationSample] {
    [
      OperationSample(
        [.sample([2, 2], [1, -2, 3, 4])],
        [
          "value": .number(ExactNumber(0.5)), "low": .dims([1, 0]), "high": .dims([0, 2]),
          "interior": .ints([0, 2]),
        ]),
      OperationSample(
        [.sample([5], [1, -2, 3, 4, 5])],
        [
          "value": .number(ExactNumber(0)), "low": .dims([-1]), "high": .dims([-3]),
          "interior": .ints([1]),
        ]),
      OperationSample(
        [.sample([2], ints: [3, 4])],
        [
          "value": .number(ExactNumber(-1)), "low": .dims([1]), "high": .dims([1]),
          "interior": .ints([0]),
        ]),
      OperationSample(
        [.sample([0], [])],
        [
          "value": .number(ExactNumber(2)), "low": .dims([1]), "high": .dims([2]),
          "interior": .ints([3]),
        ]),
    ]
  }
}

extension OpID {
  /// `pad` in the catalogue.
  package static let pad = OpID("pad")
}

extension GraphBuilder {
  /// x with `value` before, after and between its elements, by axis; x itself when nothing is added
  /// or cut.
  package mutating func pad(
    _ x: ValueID, _ value: Double, low: [Dim], high: [Dim], interior: [Int]
  ) -> ValueID {
    let isIdle = (low + high).allSatisfy { $0 == Dim(0) } && interior.allSatisfy { $0 == 0 }
    if isIdle { return x }
    return emit(
      .pad, [x],
      [
        "value": .number(ExactNumber(value)), "low": .dims(low), "high": .dims(high),
        "interior": .ints(interior),
      ])
  }
}
