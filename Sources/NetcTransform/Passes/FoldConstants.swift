import NetcCore
import NetcGraph

extension Pass {
  /// Computes operations on constants.
  package static let foldConstants = Pass(
    name: "constants",
    summary: """
      computes operations on constants in double where the result has at most 64 elements or fewer than its \
      operands; keeps bits in double, in single one rounding stands for several
      """,
    keeps: .bits, isIdempotent: true
  ) { graph in
    Rewriter.rewrite(graph, firstOperandBy: .constant) { rewriter, candidate in
      ConstantFolding.fold(candidate, &rewriter).map { .value($0) }
    }
  }
}

private enum ConstantFolding {
  /// The most elements a folded operation may read.
  static let workLimit = 4096
  /// The most elements of a result that is larger than the operands.
  static let resultLimit = 64

  /// The constant a node computes, if it has operands and all are constants.
  static func fold(_ node: Rewriter.Candidate, _ rewriter: inout Rewriter) -> ValueID? {
    guard !node.operands.isEmpty, node.op != .composite, node.op != .scan,
      node.op != .randomUniform,
      node.op != .identity, node.op != .stopGradient
    else { return nil }
    var constants: [NodeID] = []
    for operand in node.operands {
      guard let node = rewriter.definition(of: operand, .constant) else { return nil }
      constants.append(node)
    }
    if let number = uniform(node, &rewriter) {
      return rewriter.builder.constant([number], node.type)
    }
    return elements(node, constants, &rewriter)
  }

  /// The one number of an elementwise operation on operands of one number each, whatever their
  /// shape.
  private static func uniform(_ node: Rewriter.Candidate, _ rewriter: inout Rewriter) -> Double? {
    guard node.op.operation.isHostable else { return nil }
    var operands: [ReferenceTensor<Double>] = []
    for operand in node.operands {
      guard let number = rewriter.constant(operand) else { return nil }
      let type = TensorType(rewriter.type(of: operand).element, .scalar)
      operands.append(ReferenceTensor([number], type))
    }
    return evaluate(node, operands, shape: [])?.tensor.doubles.first
  }

  private static func elements(
    _ node: Rewriter.Candidate, _ constants: [NodeID], _ rewriter: inout Rewriter
  ) -> ValueID? {
    guard let shape = node.type.shape.sizes, let count = elementCount(shape) else { return nil }
    var operands: [ReferenceTensor<Double>] = []
    var read = 0
    for (value, constant) in zip(node.operands, constants) {
      guard let sizes = rewriter.type(of: value).shape.sizes, let size = elementCount(sizes) else {
        return nil
      }
      read += size
      guard read <= workLimit else { return nil }
      let numbers = rewriter.builder.graph.attributes(of: constant).numbers("values")
      operands.append(ReferenceTensor(numbers, rewriter.type(of: value)))
    }
    guard count <= max(resultLimit, read),
      let made = evaluate(node, operands, shape: shape)
    else { return nil }
    let numbers = made.tensor.doubles
    if let first = numbers.first, numbers.allSatisfy({ $0.bitPattern == first.bitPattern }) {
      return rewriter.builder.constant([first], node.type)
    }
    return rewriter.builder.constant(numbers, node.type)
  }

  private static func evaluate(
    _ node: Rewriter.Candidate, _ operands: [ReferenceTensor<Double>], shape: [Int]
  ) -> ReferenceTensor<Double>? {
    node.op.operation.evaluate(
      EvaluationCall(
        operands: operands, attributes: node.attributes, resultShapes: [shape],
        context: EvaluationContext())
    ).first
  }
}

extension ReferenceTensor<Double> {
  /// A constant's numbers (one for all, or one each) as a tensor of a type of known sizes.
  fileprivate init(_ numbers: [Double], _ type: TensorType) {
    let shape = type.shape.sizes ?? []
    let count = elementCount(shape) ?? 0
    let all = numbers.count == 1 ? Array(repeating: numbers[0], count: count) : numbers
    switch type.element {
    case .float: self.init(shape, .float(all))
    case .int: self.init(shape, .int(all.map { Int32(clampedFrom: $0) }))
    case .bool: self.init(shape, .bool(all.map { $0 != 0 }))
    }
  }
}
