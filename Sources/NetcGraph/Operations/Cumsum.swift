import NetcCore

/// Running sums along an axis: of the elements up to each place, or before it when `exclusive`;
/// from the end when `reverse`. Integers wrap.
struct Cumsum: Operation {
  let name = "cumsum"
  let summary =
    "running sums of `x` along `axis`: from the end if `reverse`, up to before each if `exclusive`"
  let operandNames = ["x"]
  let attributeNames = ["axis", "reverse", "exclusive"]
  let attributeDefaults: Attributes = ["reverse": .bool(false), "exclusive": .bool(false)]
  let stableHLO = "stablehlo.reduce_window with an add region"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.sum

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    let type = try Elementwise.numericType(operands, count: 1)
    _ = try attributes.checkedAxis(rank: type.shape.rank)
    _ = try attributes.checkedBool("reverse")
    _ = try attributes.checkedBool("exclusive")
    return [type]
  }

  /// dx = the running sums of d from the other end.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [
      b.cumsum(
        call.d, axis: call.attributes.int("axis"), reverse: !call.attributes.bool("reverse"),
        exclusive: call.attributes.bool("exclusive"))
    ]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    if case .int(let values) = x.storage {
      return [ReferenceTensor(call.shape, .int(Self.sums(values, call, 0) { $0 &+ $1 }))]
    }
    return [ReferenceTensor(call.shape, .float(Self.sums(x.floats, call, 0) { $0 + $1 }))]
  }

  private static func sums<T, S>(
    _ values: [T], _ call: EvaluationCall<S>, _ zero: T, _ add: (T, T) -> T
  ) -> [T] {
    let (outer, size, inner) = Reduction.split(call.shape, axis: call.attributes.int("axis"))
    let isReversed = call.attributes.bool("reverse")
    let isExclusive = call.attributes.bool("exclusive")
    var result = values
    for row in 0..<outer {
      for column in 0..<inner {
        var sum = zero
        for step in 0..<size {
          let place = isReversed ? size - 1 - step : step
          let offset = (row * size + place) * inner + column
          let next = add(sum, values[offset])
          result[offset] = isExclusive ? sum : next
          sum = next
        }
      }
    }
    return result
  }

  var samples: [OperationSample] {
    let matrix = Tensor.sample([2, 3], [1, -2, 3, 4, -5, 6])
    let ways = [(false, false), (false, true), (true, false), (true, true)]
    return ways.map { reverse, exclusive in
      OperationSample(
        [matrix], ["axis": .int(1), "reverse": .bool(reverse), "exclusive": .bool(exclusive)])
    } + [
      OperationSample(
        [matrix], ["axis": .int(0), "reverse": .bool(false), "exclusive": .bool(false)]),
      OperationSample(
        [.sample([3], ints: [1, 2, 3])],
        ["axis": .int(0), "reverse": .bool(false), "exclusive": .bool(false)]),
      OperationSample(
        [.sample([0], [])],
        ["axis": .int(0), "reverse": .bool(false), "exclusive": .bool(false)]),
    ]
  }
}

extension OpID {
  /// `cumsum` in the catalogue.
  package static let cumsum = OpID("cumsum")
}

extension GraphBuilder {
  /// The running sums of x along an axis.
  package mutating func cumsum(
    _ x: ValueID, axis: Int, reverse: Bool = false, exclusive: Bool = false
  ) -> ValueID {
    emit(
      .cumsum, [x],
      ["axis": .int(axis), "reverse": .bool(reverse), "exclusive": .bool(exclusive)])
  }
}
