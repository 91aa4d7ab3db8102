import NetcCore

/// `a` where a truth value holds and `b` elsewhere, elementwise over tensors of one shape.
///
/// The side not chosen is never looked at, so its NaN does not spread.
struct Select: Operation {
  let name = "select"
  let summary = "`on_true` where `pred` holds and `on_false` elsewhere, all of one shape"
  let operandNames = ["pred", "on_true", "on_false"]
  let stableHLO = "stablehlo.select"
  let isHostable = true
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.choice

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 3)
    guard operands[0].element == .bool else {
      throw OperationTypeError("truth values expected, found \(operands[0])", operand: 0)
    }
    guard operands[1] == operands[2] else {
      throw OperationTypeError(
        "both sides of one type expected, found \(operands[1]) and \(operands[2])", operand: 2)
    }
    guard operands[0].shape == operands[1].shape else {
      throw OperationTypeError(
        "the condition has shape \(operands[0].shape), the sides \(operands[1].shape)", operand: 0)
    }
    return [operands[1]]
  }

  /// da = where(p, d, 0), db = where(p, 0, d)
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let p = call.operands[0]
    let zeros = b.zeros(b.shape(of: call.y))
    return [
      nil,
      call.wanted[1] ? b.select(p, call.d, zeros) : nil,
      call.wanted[2] ? b.select(p, zeros, call.d) : nil,
    ]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let truths = call.operands[0].bools
    let storage: ReferenceTensor<S>.Storage =
      switch (call.operands[1].storage, call.operands[2].storage) {
      case (.int(let x), .int(let y)): .int(chosen(truths, x, y))
      case (.bool(let x), .bool(let y)): .bool(chosen(truths, x, y))
      default: .float(chosen(truths, call.operands[1].floats, call.operands[2].floats))
      }
    return [ReferenceTensor(call.shape, storage)]
  }

  var samples: [OperationSample] {
    [
      OperationSample([
        .sample([3], bools: [true, false, true]), .sample([3], [1, 2, 3]),
        .sample([3], [-4, 5, 6]),
      ]),
      OperationSample([
        .sample([2], bools: [true, false]), .sample([2], ints: [1, 2]), .sample([2], ints: [3, 4]),
      ]),
      OperationSample([.sample([], bools: [false]), .sample([], [1.5]), .sample([], [2.5])]),
    ]
  }
}

private func chosen<T>(_ truths: [Bool], _ x: [T], _ y: [T]) -> [T] {
  truths.indices.map { truths[$0] ? x[$0] : y[$0] }
}

extension OpID {
  /// `select` in the catalogue.
  package static let select = OpID("select")
}

extension GraphBuilder {
  /// x where p holds and y elsewhere, all of one shape.
  package mutating func select(_ p: ValueID, _ x: ValueID, _ y: ValueID) -> ValueID {
    emit(.select, [p, x, y])
  }
}
