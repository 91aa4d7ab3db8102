import NetcCore

/// The sum over some axes, which the result no longer has; 0 over no elements; integers wrap.
struct ReduceSum: Operation {
  let name = "reduce_sum"
  let summary = "the sum of `x` over `axes`, which disappear"
  let operandNames = ["x"]
  let attributeNames = ["axes"]
  let stableHLO = "stablehlo.reduce with an add region"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.sum

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Reduction.resultType(operands, attributes)]
  }

  /// dx = d repeated along the axes.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.broadcastReduced(call.d, to: b.shape(of: call.x), axes: call.attributes.ints("axes"))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let targets = Reduction.targets(x.shape, axes: call.attributes.ints("axes"))
    let count = call.shape.reduce(1, *)
    if case .int(let values) = x.storage {
      let sums = Reduction.folded(values, targets, count: count, from: 0) { $0 &+ $1 }
      return [ReferenceTensor(call.shape, .int(sums))]
    }
    let sums = Reduction.folded(x.floats, targets, count: count, from: 0) { $0 + $1 }
    return [ReferenceTensor(call.shape, .float(sums))]
  }

  var samples: [OperationSample] { Reduction.samples }
}

extension OpID {
  /// `reduce_sum` in the catalogue.
  package static let reduceSum = OpID("reduce_sum")
}

extension GraphBuilder {
  /// The sum of x over increasing axes, which disappear; x itself for none.
  package mutating func reduceSum(_ x: ValueID, axes: [Int]) -> ValueID {
    axes.isEmpty ? x : emit(.reduceSum, [x], ["axes": .ints(axes)])
  }

  /// The sum of all elements of x, a scalar.
  package mutating func reduceSum(_ x: ValueID) -> ValueID {
    reduceSum(x, axes: Array(0..<shape(of: x).rank))
  }
}
