import NetcCore

/// The operand with its axes reordered: axis `i` of the result is axis `permutation[i]` of the
/// operand.
struct Transpose: Operation {
  let name = "transpose"
  let summary = "`x` with its axes reordered: axis i of the result is axis permutation[i] of `x`"
  let operandNames = ["x"]
  let attributeNames = ["permutation"]
  let stableHLO = "stablehlo.transpose"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 1)
    let shape = operands[0].shape
    let permutation = try attributes.checkedAxes("permutation", rank: shape.rank)
    guard permutation.count == shape.rank else {
      throw OperationTypeError(
        "`permutation` must name each of the \(shape.rank) axes of \(shape) once")
    }
    return [TensorType(operands[0].element, Shape(permutation.map { shape[$0] }))]
  }

  /// dx = d with its axes put back.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let permutation = call.attributes.ints("permutation")
    var inverse = permutation
    for (axis, source) in permutation.enumerated() { inverse[source] = axis }
    return [b.transpose(call.d, inverse)]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let own = Indexing.strides(call.operands[0].shape)
    let strides = call.attributes.ints("permutation").map { own[$0] }
    return [
      call.operands[0].picking(Indexing.offsets(call.shape, strides: strides), shape: call.shape)
    ]
  }

  var samples: [OperationSample] {
    [
      OperationSample([.sample([2, 3], [1, -2, 3, 4, -5, 6])], ["permutation": .ints([1, 0])]),
      OperationSample(
        [.sample([2, 1, 3], [1, -2, 3, 4, -5, 6])], ["permutation": .ints([2, 0, 1])]),
      OperationSample([.sample([], [0.5])], ["permutation": .ints([])]),
      OperationSample(
        [.sample([2, 2], ints: [1, 2, 3, 4])], ["permutation": .ints([1, 0])]),
      OperationSample([.sample([0, 2], [])], ["permutation": .ints([1, 0])]),
    ]
  }
}

extension OpID {
  /// `transpose` in the catalogue.
  package static let transpose = OpID("transpose")
}

extension GraphBuilder {
  /// x with axis `permutation[i]` as axis i; x itself when nothing moves.
  package mutating func transpose(_ x: ValueID, _ permutation: [Int]) -> ValueID {
    if permutation == Array(permutation.indices) { return x }
    return emit(.transpose, [x], ["permutation": .ints(permutation)])
  }

  /// A matrix with rows and columns exchanged.
  package mutating func transpose(_ x: ValueID) -> ValueID { transpose(x, [1, 0]) }
}
