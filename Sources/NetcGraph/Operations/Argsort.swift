import NetcCore

/// The places of the elements along an axis in their order: stable, a NaN after all numbers in
/// either direction.
///
/// The sorted tensor is `gather` at these places.
struct Argsort: Operation {
  let name = "argsort"
  let summary =
    "the places along `axis` of the elements of `x` in increasing order, or decreasing if `descending`"
  let operandNames = ["x"]
  let attributeNames = ["axis", "descending"]
  let attributeDefaults: Attributes = ["descending": .bool(false)]
  let stableHLO = "stablehlo.sort of keys and iota"
  let differentiability = Differentiability.zero
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    let type = try Elementwise.realType(operands, count: 1)
    _ = try attributes.checkedAxis(rank: type.shape.rank)
    _ = try attributes.checkedBool("descending")
    return [TensorType(.int, type.shape)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [nil] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let values = call.operands[0].floats
    let (outer, size, inner) = Reduction.split(call.shape, axis: call.attributes.int("axis"))
    let isDescending = call.attributes.bool("descending")
    var result = [Int32](repeating: 0, count: values.count)
    for row in 0..<outer {
      for column in 0..<inner {
        func value(_ place: Int) -> S { values[(row * size + place) * inner + column] }
        func precedes(_ a: Int, _ b: Int) -> Bool {
          let (x, y) = (value(a), value(b))
          if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
          if x == y { return a < b }
          return isDescending ? x > y : x < y
        }
        for (rank, place) in (0..<size).sorted(by: precedes).enumerated() {
          result[(row * size + rank) * inner + column] = Int32(truncatingIfNeeded: place)
        }
      }
    }
    return [ReferenceTensor(call.shape, .int(result))]
  }

  var samples: [OperationSample] {
    let matrix = Tensor.sample([2, 4], [1, -2, 1, 4, -5, 6, 0.5, 6])
    return [(0, false), (1, false), (1, true)].map { axis, descending in
      OperationSample([matrix], ["axis": .int(axis), "descending": .bool(descending)])
    }
      + [true, false].map { descending in
        OperationSample(
          [.sample([5], [.nan, 2, -.infinity, .nan, 3])],
          ["axis": .int(0), "descending": .bool(descending)])
      } + [
        OperationSample([.sample([2, 0], [])], ["axis": .int(1), "descending": .bool(true)])
      ]
  }
}

extension OpID {
  /// `argsort` in the catalogue.
  package static let argsort = OpID("argsort")
}

extension GraphBuilder {
  /// The places of the elements of x along an axis in their order.
  package mutating func argsort(
    _ x: ValueID, axis: Int, descending: Bool = false
  ) -> ValueID {
    emit(.argsort, [x], ["axis": .int(axis), "descending": .bool(descending)])
  }
}
