import NetcCore

/// Tensors joined end to end along one axis; on every other axis they have the same size.
struct Concatenate: Operation {
  let name = "concatenate"
  let summary = "the operands joined end to end along `axis`"
  let operandNames = ["parts"]
  let takesManyOperands = true
  let attributeNames = ["axis"]
  let stableHLO = "stablehlo.concatenate"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    guard let first = operands.first else {
      throw OperationTypeError("at least 1 operand expected")
    }
    let axis = try attributes.checkedAxis(rank: first.shape.rank)
    var joined = first.shape
    for (index, type) in operands.enumerated().dropFirst() {
      var expected = first.shape
      if type.shape.rank == first.shape.rank { expected.dims[axis] = type.shape[axis] }
      guard type == TensorType(first.element, expected) else {
        throw OperationTypeError(
          "\(first) and \(type) differ in more than axis \(axis)", operand: index)
      }
      joined.dims[axis] = joined[axis] + type.shape[axis]
    }
    return [TensorType(first.element, try joined.checked())]
  }

  /// Each operand's adjoint is its slice of d.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let axis = call.attributes.int("axis")
    var start = Dim(0)
    var adjoints: [ValueID?] = []
    for (operand, wanted) in zip(call.operands, call.wanted) {
      let limit = start + b.shape(of: operand)[axis]
      adjoints.append(wanted ? b.slice(call.d, axis: axis, start, limit) : nil)
      start = limit
    }
    return adjoints
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let axis = call.attributes.int("axis")
    let strides = Indexing.strides(call.shape)
    var result = ReferenceTensor.filled(call.shape, 0, like: call.operands[0])
    var start = 0
    for part in call.operands {
      result.place(
        part,
        at: Indexing.offsets(part.shape, strides: strides, start: start * strides[axis]))
      start += part.shape[axis]
    }
    return [result]
  }

  var samples: [OperationSample] {
    [
      OperationSample(
        [.sample([2, 1], [1, -2]), .sample([2, 2], [3, 4, -5, 6]), .sample([2, 0], [])],
        ["axis": .int(1)]),
      OperationSample([.sample([1], [0.5])], ["axis": .int(0)]),
      OperationSample([.sample([1], ints: [3]), .sample([2], ints: [1, 2])], ["axis": .int(0)]),
    ]
  }
}

extension OpID {
  /// `concatenate` in the catalogue.
  package static let concatenate = OpID("concatenate")
}

extension GraphBuilder {
  /// The parts joined end to end along an axis; a single part itself.
  package mutating func concatenate(_ parts: [ValueID], axis: Int) -> ValueID {
    parts.count == 1 ? parts[0] : emit(.concatenate, parts, ["axis": .int(axis)])
  }
}
