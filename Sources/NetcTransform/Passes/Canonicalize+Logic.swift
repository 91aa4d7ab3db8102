import NetcGraph

extension Rewriter {
  /// Choices that are decided, double negation, neutral truth values.
  mutating func canonicalLogic(_ node: Candidate) -> Replacement? {
    switch node.op {
    case .select: canonicalChoice(node)
    case .not: operand(of: node.operands[0], .not).map { .value($0) }
    case .and: canonicalConnective(node, neutral: true)
    case .or: canonicalConnective(node, neutral: false)
    default: nil
    }
  }

  private mutating func canonicalChoice(_ node: Candidate) -> Replacement? {
    let (p, a, b) = (node.operands[0], node.operands[1], node.operands[2])
    if a == b { return .value(a) }
    if let decided = constant(p) { return .value(decided != 0 ? a : b) }
    if let opposite = operand(of: p, .not) { return .node(node.with(.select, [opposite, b, a])) }
    return nil
  }

  /// x and true, x or false give x; x and false, x or true the constant.
  private mutating func canonicalConnective(_ node: Candidate, neutral: Bool) -> Replacement? {
    let (a, b) = (node.operands[0], node.operands[1])
    if a == b { return .value(a) }
    if let truth = constant(a) { return .value((truth != 0) == neutral ? b : a) }
    if let truth = constant(b) { return .value((truth != 0) == neutral ? a : b) }
    return nil
  }
}
