import NetcCore

/// The greatest element over some axes, which the result no longer has; NaN when there is one.
///
/// Over no elements it is -inf, or -2³¹ for integers.
struct ReduceMax: Operation {
  let name = "reduce_max"
  let summary = "the greatest element of `x` over `axes`, which disappear; NaN when there is one"
  let operandNames = ["x"]
  let attributeNames = ["axes"]
  let stableHLO = "stablehlo.reduce with a maximum region"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.greatest

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Reduction.resultType(operands, attributes)]
  }

  /// dx = m·d/Σm with m = 1 where x is the greatest: ties share equally.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let axes = call.attributes.ints("axes")
    let shape = b.shape(of: call.x)
    let greatest = b.broadcastReduced(call.y, to: shape, axes: axes)
    let m = b.convert(b.compare(.eq, call.x, greatest), to: .float)
    let share = b.divide(call.d, b.reduceSum(m, axes: axes))
    return [b.multiply(m, b.broadcastReduced(share, to: shape, axes: axes))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let targets = Reduction.targets(x.shape, axes: call.attributes.ints("axes"))
    let count = call.shape.reduce(1, *)
    if case .int(let values) = x.storage {
      let greatest = Reduction.folded(values, targets, count: count, from: .min) {
        Swift.max($0, $1)
      }
      return [ReferenceTensor(call.shape, .int(greatest))]
    }
    let greatest = Reduction.folded(x.floats, targets, count: count, from: -.infinity) {
      $0.isNaN ? $0 : $1.isNaN ? $1 : Swift.max($0, $1)
    }
    return [ReferenceTensor(call.shape, .float(greatest))]
  }

  var samples: [OperationSample] { Reduction.samples }
}

extension OpID {
  /// `reduce_max` in the catalogue.
  package static let reduceMax = OpID("reduce_max")
}

extension GraphBuilder {
  /// The greatest element of x over increasing axes, which disappear; x itself for none.
  package mutating func reduceMax(_ x: ValueID, axes: [Int]) -> ValueID {
    axes.isEmpty ? x : emit(.reduceMax, [x], ["axes": .ints(axes)])
  }
}
