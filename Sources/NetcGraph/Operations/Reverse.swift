import NetcCore

/// The operand with the order of its elements turned around on some axes.
struct Reverse: Operation {
  let name = "reverse"
  let summary = "`x` with the order of its elements turned around on `axes`"
  let operandNames = ["x"]
  let attributeNames = ["axes"]
  let stableHLO = "stablehlo.reverse"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 1)
    _ = try attributes.checkedSortedAxes(rank: operands[0].shape.rank)
    return [operands[0]]
  }

  /// dx = d turned around on the same axes.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.reverse(call.d, axes: call.attributes.ints("axes"))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    var strides = Indexing.strides(x.shape)
    var last = 0
    for axis in call.attributes.ints("axes") {
      last += (x.shape[axis] - 1) * strides[axis]
      strides[axis] = -strides[axis]
    }
    return [
      x.picking(Indexing.offsets(x.shape, strides: strides, start: last), shape: x.shape)
    ]
  }

  var samples: [OperationSample] {
    [
      OperationSample([.sample([2, 3], [1, -2, 3, 4, -5, 6])], ["axes": .ints([1])]),
      OperationSample([.sample([2, 3], [1, -2, 3, 4, -5, 6])], ["axes": .ints([0, 1])]),
      OperationSample([.sample([3], ints: [1, 2, 3])], ["axes": .ints([0])]),
      OperationSample([.sample([], [0.5])], ["axes": .ints([])]),
      OperationSample([.sample([0], [])], ["axes": .ints([0])]),
    ]
  }
}

extension OpID {
  /// `reverse` in the catalogue.
  package static let reverse = OpID("reverse")
}

extension GraphBuilder {
  /// x turned around on some axes; x itself for none.
  package mutating func reverse(_ x: ValueID, axes: [Int]) -> ValueID {
    axes.isEmpty ? x : emit(.reverse, [x], ["axes": .ints(axes)])
  }
}
