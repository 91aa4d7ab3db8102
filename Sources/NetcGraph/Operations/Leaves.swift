package import NetcCore

/// A leaf that reads a tensor by name: `input`, `parameter` or `state`.
struct NamedLeaf: Operation {
  /// Which table of the context it reads.
  enum Kind: String { case input, parameter, state }

  let kind: Kind
  var name: String { kind.rawValue }
  var summary: String { "the \(kind.rawValue) of that name, of the declared type" }
  let operandNames: [String] = []
  let attributeNames = ["name", "element", "shape"]
  let stableHLO = "function argument"
  let differentiability = Differentiability.source
  var curvature: CurvatureRule { kind == .parameter ? .variable : .opaque() }

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 0)
    _ = try attributes.checkedText("name")
    return [TensorType(try attributes.checkedElement(), try attributes.checkedShape())]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let name = call.attributes.text("name")
    let table =
      switch kind {
      case .input: call.context.inputs
      case .parameter: call.context.parameters
      case .state: call.context.states
      }
    guard let tensor = table[name] else {
      internalError("reference: no \(kind.rawValue) `\(name)`")
    }
    guard tensor.shape == call.shape else {
      internalError("reference: \(kind.rawValue) `\(name)` is \(tensor.shape), not \(call.shape)")
    }
    return [ReferenceTensor(tensor)]
  }

  var samples: [OperationSample] { [] }
}

extension OpID {
  /// `input` in the catalogue.
  package static let input = OpID("input")
  /// `parameter` in the catalogue.
  package static let parameter = OpID("parameter")
  /// `state` in the catalogue.
  package static let state = OpID("state")
}

extension GraphBuilder {
  /// The fed tensor of that name.
  package mutating func input(_ name: String, _ type: TensorType) -> ValueID {
    leaf(.input, name, type)
  }

  /// The trained tensor of that name.
  package mutating func parameter(_ name: String, _ type: TensorType) -> ValueID {
    leaf(.parameter, name, type)
  }

  /// The tensor of that name carried between steps.
  package mutating func state(_ name: String, _ type: TensorType) -> ValueID {
    leaf(.state, name, type)
  }

  private mutating func leaf(_ op: OpID, _ name: String, _ type: TensorType) -> ValueID {
    let attributes: Attributes = [
      "element": .element(type.element), "name": .text(name), "shape": .dims(type.shape.dims),
    ]
    let value = emit(op, [], attributes)
    graph.setName(name, of: value)
    return value
  }
}
