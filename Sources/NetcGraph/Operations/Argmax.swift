import NetcCore

/// The place of the greatest element along an axis: the first of equals; a NaN counts as the
/// greatest.
///
/// Over no elements it is 0.
struct Argmax: Operation {
  let name = "argmax"
  let summary =
    "the place of the greatest element of `x` along `axis`, which disappears; the first of equals"
  let operandNames = ["x"]
  let attributeNames = ["axis"]
  let stableHLO = "stablehlo.reduce over pairs of number and index"
  let differentiability = Differentiability.zero
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    let type = try Elementwise.numericType(operands, count: 1)
    let axis = try attributes.checkedAxis(rank: type.shape.rank)
    return [
      TensorType(.int, Shape(Reduction.kept([axis], rank: type.shape.rank).map { type.shape[$0] }))
    ]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [nil] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let axis = call.attributes.int("axis")
    let places: [Int32] =
      if case .int(let values) = x.storage {
        Self.places(values, x.shape, axis) { $0 > $1 }
      } else {
        Self.places(x.floats, x.shape, axis) { ($0 > $1 || $0.isNaN) && !$1.isNaN }
      }
    return [ReferenceTensor(call.shape, .int(places))]
  }

  private static func places<T>(
    _ values: [T], _ shape: [Int], _ axis: Int, beats: (T, T) -> Bool
  ) -> [Int32] {
    let (outer, size, inner) = Reduction.split(shape, axis: axis)
    var result: [Int32] = []
    result.reserveCapacity(outer * inner)
    for row in 0..<outer {
      for column in 0..<inner {
        var best = 0
        for place in 0..<size {
          let candidate = values[(row * size + place) * inner + column]
          if beats(candidate, values[(row * size + best) * inner + column]) { best = place }
        }
        result.append(Int32(truncatingIfNeeded: best))
      }
    }
    return result
  }

  var samples: [OperationSample] {
    let matrix = Tensor.sample([2, 3], [1, 4, 4, -5, .nan, 6])
    return [
      OperationSample([matrix], ["axis": .int(1)]),
      OperationSample([.sample([2, 3], [1, -2, 3, 4, -5, 6])], ["axis": .int(0)]),
      OperationSample([.sample([3], ints: [1, 3, 3])], ["axis": .int(0)]),
      OperationSample([.sample([2, 0], [])], ["axis": .int(1)]),
    ]
  }
}

extension OpID {
  /// `argmax` in the catalogue.
  package static let argmax = OpID("argmax")
}

extension GraphBuilder {
  /// The place of the first greatest element of x along an axis, which disappears.
  package mutating func argmax(_ x: ValueID, axis: Int) -> ValueID {
    emit(.argmax, [x], ["axis": .int(axis)])
  }
}
