package import NetcCore

/// The formal parameter of a body, by its place.
struct Argument: Operation {
  let name = "argument"
  let summary = "the operand at `index` of the node this body belongs to"
  let operandNames: [String] = []
  let attributeNames = ["index", "element", "shape"]
  let stableHLO = "function argument"
  let differentiability = Differentiability.source

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 0)
    let index = try attributes.checkedInt("index")
    if index < 0 { throw OperationTypeError("`index` is \(index): it counts from 0") }
    return [TensorType(try attributes.checkedElement(), try attributes.checkedShape())]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    internalError("reference: an argument outside a body")
  }

  var samples: [OperationSample] { [] }
}

extension OpID {
  /// `argument` in the catalogue.
  package static let argument = OpID("argument")
}

extension GraphBuilder {
  /// The operand at `index` of the node this body belongs to.
  package mutating func argument(_ index: Int, _ type: TensorType) -> ValueID {
    emit(
      .argument, [],
      ["index": .int(index), "element": .element(type.element), "shape": .dims(type.shape.dims)])
  }
}
