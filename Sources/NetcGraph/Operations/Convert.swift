package import NetcCore

/// The same numbers as another element type.
///
/// Real to integer: the whole part, clamped to 32 bits, 0 for NaN. To a truth value: whether it is
/// not 0 (NaN is not 0). From a truth value: 0 or 1. Integer to real: rounded to the nearest.
struct Convert: Operation {
  let name = "convert"
  let summary =
    "the same numbers as elements of type `element`; real numbers lose their fraction as integers"
  let operandNames = ["x"]
  let attributeNames = ["element"]
  let stableHLO = "stablehlo.convert"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 1)
    return [TensorType(try attributes.checkedElement(), operands[0].shape)]
  }

  /// Between real numbers dx = d; elsewhere nothing flows.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let isReal = b.type(of: call.x).element == .float && b.type(of: call.y).element == .float
    return [isReal ? call.d : nil]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let storage: ReferenceTensor<S>.Storage =
      switch (x.storage, call.attributes.element("element")) {
      case (.float, .float), (.int, .int), (.bool, .bool): x.storage
      case (.float(let values), .int): .int(values.map { Int32(clampedFrom: Double($0)) })
      case (.float(let values), .bool): .bool(values.map { $0 != 0 })
      case (.int(let values), .float): .float(values.map { S($0) })
      case (.int(let values), .bool): .bool(values.map { $0 != 0 })
      case (.bool(let values), .float): .float(values.map { $0 ? 1 : 0 })
      case (.bool(let values), .int): .int(values.map { $0 ? 1 : 0 })
      }
    return [ReferenceTensor(call.shape, storage)]
  }

  var samples: [OperationSample] {
    let operands: [Tensor] = [
      .sample([4], [1.5, -2.7, 0, 9.25]),
      .sample([4], ints: [3, -1, 0, 7]),
      .sample([2], bools: [true, false]),
    ]
    return operands.flatMap { operand in
      ElementType.allCases.map { OperationSample([operand], ["element": .element($0)]) }
    } + [
      OperationSample(
        [.sample([4], [.infinity, -.infinity, .nan, 3e9])], ["element": .element(.int)])
    ]
  }
}

extension OpID {
  /// `convert` in the catalogue.
  package static let convert = OpID("convert")
}

extension GraphBuilder {
  /// x as elements of another type.
  package mutating func convert(_ x: ValueID, to element: ElementType) -> ValueID {
    emit(.convert, [x], ["element": .element(element)])
  }
}
