import NetcCore

/// Whether two elements stand in the relation `direction`: real numbers, integers, or truth values
/// (false before true). With NaN only `NE` holds.
struct Compare: Operation {
  let name = "compare"
  let summary =
    "whether two tensors of one type stand in the relation `direction`: EQ, NE, LT, LE, GT or GE"
  let operandNames = ["lhs", "rhs"]
  let attributeNames = ["direction"]
  let stableHLO = "stablehlo.compare"
  let isHostable = true
  let differentiability = Differentiability.zero
  let curvature = CurvatureRule.relation

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    let type = try Elementwise.commonType(operands, count: 2)
    let direction = try attributes.checkedText("direction")
    guard ComparisonDirection(rawValue: direction) != nil else {
      let known = ComparisonDirection.allCases.map(\.rawValue).joined(separator: ", ")
      throw OperationTypeError("`direction` must be one of \(known), found `\(direction)`")
    }
    return [TensorType(.bool, type.shape)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [nil, nil] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let direction = ComparisonDirection(rawValue: call.attributes.text("direction")) ?? .eq
    let truths: [Bool] =
      switch (call.operands[0].storage, call.operands[1].storage) {
      case (.int(let x), .int(let y)): related(x, y, direction)
      case (.bool(let x), .bool(let y)):
        related(x.map { $0 ? 1 : 0 }, y.map { $0 ? 1 : 0 }, direction)
      default: related(call.operands[0].floats, call.operands[1].floats, direction)
      }
    return [ReferenceTensor(call.shape, .bool(truths))]
  }

  var samples: [OperationSample] {
    ComparisonDirection.allCases.map { direction in
      OperationSample(
        [.sample([4], [1, 2, 3, .nan]), .sample([4], [2, 2, 1, .nan])],
        ["direction": .text(direction.rawValue)])
    } + [
      OperationSample(
        [.sample([2], ints: [-1, 5]), .sample([2], ints: [4, 5])], ["direction": .text("LT")]),
      OperationSample(
        [.sample([2], bools: [false, true]), .sample([2], bools: [true, true])],
        ["direction": .text("NE")]),
    ]
  }
}

private func related<T: Comparable>(_ x: [T], _ y: [T], _ direction: ComparisonDirection) -> [Bool]
{
  switch direction {
  case .eq: zip(x, y).map { $0 == $1 }
  case .ne: zip(x, y).map { $0 != $1 }
  case .lt: zip(x, y).map { $0 < $1 }
  case .le: zip(x, y).map { $0 <= $1 }
  case .gt: zip(x, y).map { $0 > $1 }
  case .ge: zip(x, y).map { $0 >= $1 }
  }
}

extension OpID {
  /// `compare` in the catalogue.
  package static let compare = OpID("compare")
}

extension GraphBuilder {
  /// Whether x stands in the relation to y, both of one type.
  package mutating func compare(
    _ direction: ComparisonDirection, _ x: ValueID, _ y: ValueID
  ) -> ValueID {
    emit(.compare, [x, y], ["direction": .text(direction.rawValue)])
  }
}
