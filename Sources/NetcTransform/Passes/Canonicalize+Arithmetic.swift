import NetcCore
import NetcGraph

extension Rewriter {
  /// Neutral elements and signs: x·1, x/1, x - 0, x + (-0), x·(-1), -(-x), a - (-b).
  mutating func canonicalArithmetic(_ node: Candidate) -> Replacement? {
    switch node.op {
    case .add: canonicalSum(node)
    case .subtract: canonicalDifference(node)
    case .multiply: canonicalProduct(node)
    case .divide, .power: constant(node.operands[1]) == 1 ? .value(node.operands[0]) : nil
    case .negate: operand(of: node.operands[0], .negate).map { .value($0) }
    case .maximum, .minimum: node.operands[0] == node.operands[1] ? .value(node.operands[0]) : nil
    case .convert:
      type(of: node.operands[0]).element == node.type.element ? .value(node.operands[0]) : nil
    case .dimension: canonicalDimension(node)
    default: nil
    }
  }

  private mutating func canonicalSum(_ node: Candidate) -> Replacement? {
    let (a, b) = (node.operands[0], node.operands[1])
    if constant(a) != nil, constant(b) == nil { return .node(node.with(.add, [b, a])) }
    if let number = constant(b), number == 0, number.sign == .minus || node.type.element == .int {
      return .value(a)
    }
    if let negated = operand(of: b, .negate) { return .node(node.with(.subtract, [a, negated])) }
    if let negated = operand(of: a, .negate) { return .node(node.with(.subtract, [b, negated])) }
    return nil
  }

  private mutating func canonicalDifference(_ node: Candidate) -> Replacement? {
    let (a, b) = (node.operands[0], node.operands[1])
    if let number = constant(b), number == 0, number.sign == .plus { return .value(a) }
    if let negated = operand(of: b, .negate) { return .node(node.with(.add, [a, negated])) }
    return nil
  }

  private mutating func canonicalProduct(_ node: Candidate) -> Replacement? {
    let (a, b) = (node.operands[0], node.operands[1])
    if constant(a) != nil, constant(b) == nil { return .node(node.with(.multiply, [b, a])) }
    let factor = constant(b)
    if factor == 1 { return .value(a) }
    if factor == -1 { return .node(node.with(.negate, [a])) }
    if let plain = operand(of: a, .negate) {
      if let other = operand(of: b, .negate) { return .node(node.with(.multiply, [plain, other])) }
      if let factor, node.type.element == .float {
        return .node(node.with(.multiply, [plain, builder.constant(-factor, node.type.shape)]))
      }
    }
    return nil
  }

  private mutating func canonicalDimension(_ node: Candidate) -> Replacement? {
    guard let size = node.attributes.dim("expression").constant, Int32(exactly: size) != nil else {
      return nil
    }
    return .value(builder.constant(Double(size), element: .int))
  }
}

extension Rewriter.Candidate {
  /// The same result by another operation.
  func with(_ op: OpID, _ operands: [ValueID], _ attributes: Attributes = .none) -> Self {
    Self(op: op, operands: operands, attributes: attributes, type: type)
  }
}
