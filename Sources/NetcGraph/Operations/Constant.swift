package import NetcCore

/// Numbers known at compile time: one for the whole shape, or one for each element.
struct Constant: Operation {
  let name = "constant"
  let summary = "the numbers `values` (one for all, or one each) as a tensor of `shape`"
  let operandNames: [String] = []
  let attributeNames = ["values", "element", "shape"]
  let stableHLO = "stablehlo.constant"
  let isHostable = true
  let differentiability = Differentiability.source

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 0)
    let shape = try attributes.checkedShape()
    let count = try attributes.checkedNumbers("values").count
    guard count == 1 || shape.count == Dim(count) else {
      throw OperationTypeError("\(count) numbers do not fill \(shape)")
    }
    return [TensorType(try attributes.checkedElement(), shape)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let given = call.attributes.numbers("values")
    let count = elementCount(call.shape) ?? 0
    let values = given.count == 1 ? Array(repeating: given[0], count: count) : given
    switch call.attributes.element("element") {
    case .float: return [ReferenceTensor(call.shape, .float(values.map { S($0) }))]
    case .int: return [ReferenceTensor(call.shape, .int(values.map { Int32(clampedFrom: $0) }))]
    case .bool: return [ReferenceTensor(call.shape, .bool(values.map { $0 != 0 }))]
    }
  }

  var samples: [OperationSample] {
    let numbers = [0.5, -0.0, .infinity, .nan].map { ExactNumber($0) }
    return [
      OperationSample(
        [], ["values": .numbers(numbers), "element": .element(.float), "shape": .dims([2, 2])]),
      OperationSample(
        [],
        [
          "values": .numbers([ExactNumber(3)]), "element": .element(.int), "shape": .dims([2, 3]),
        ]),
      OperationSample(
        [], ["values": .numbers([ExactNumber(1)]), "element": .element(.bool), "shape": .dims([])]),
      OperationSample(
        [], ["values": .numbers([]), "element": .element(.float), "shape": .dims([0])]),
    ]
  }
}

extension Int32 {
  /// The whole part of a number, clamped to the range; 0 for NaN.
  package init(clampedFrom value: Double) {
    self = value.isNaN ? 0 : Int32(Swift.max(-2_147_483_648, Swift.min(2_147_483_647, value)))
  }
}

extension OpID {
  /// `constant` in the catalogue.
  package static let constant = OpID("constant")
}

extension GraphBuilder {
  /// One number in every element of `shape`.
  package mutating func constant(
    _ value: Double, _ shape: Shape = .scalar, element: ElementType = .float
  ) -> ValueID {
    constant([value], TensorType(element, shape))
  }

  /// Numbers in row-major order, or one for all.
  package mutating func constant(_ values: [Double], _ type: TensorType) -> ValueID {
    emit(
      .constant, [],
      [
        "element": .element(type.element), "shape": .dims(type.shape.dims),
        "values": .numbers(values.map(ExactNumber.init)),
      ])
  }

  /// Zeros of `shape`.
  package mutating func zeros(_ shape: Shape) -> ValueID { constant(0, shape) }

  /// Ones of `shape`.
  package mutating func ones(_ shape: Shape) -> ValueID { constant(1, shape) }
}
