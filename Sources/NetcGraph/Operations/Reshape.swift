package import NetcCore

/// The same elements in row-major order under another shape.
struct Reshape: Operation {
  let name = "reshape"
  let summary = "the same elements in row-major order under another `shape`"
  let operandNames = ["x"]
  let attributeNames = ["shape"]
  let stableHLO = "stablehlo.reshape"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 1)
    let shape = try attributes.checkedShape()
    let source = operands[0].shape
    guard source.count == shape.count else {
      throw OperationTypeError(
        "\(source) has \(source.count) elements, \(shape) has \(shape.count)", operand: 0)
    }
    return [TensorType(operands[0].element, shape)]
  }

  /// dx = d in the shape of x.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.reshape(call.d, to: b.shape(of: call.x))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [ReferenceTensor(call.shape, call.operands[0].storage)]
  }

  var samples: [OperationSample] {
    [
      OperationSample([.sample([2, 3], [1, -2, 3, 4, -5, 6])], ["shape": .dims([3, 1, 2])]),
      OperationSample([.sample([1], [0.5])], ["shape": .dims([])]),
      OperationSample([.sample([2], ints: [1, 2])], ["shape": .dims([2, 1])]),
      OperationSample([.sample([0, 3], [])], ["shape": .dims([5, 0])]),
    ]
  }
}

extension OpID {
  /// `reshape` in the catalogue.
  package static let reshape = OpID("reshape")
}

extension GraphBuilder {
  /// The elements of x under a shape with as many; x itself when it has the shape already.
  package mutating func reshape(_ x: ValueID, to shape: Shape) -> ValueID {
    if self.shape(of: x) == shape { return x }
    return emit(.reshape, [x], ["shape": .dims(shape.dims)])
  }
}
