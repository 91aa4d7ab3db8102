import NetcCore
import NetcGraph

extension Pass {
  /// Writes small whole powers as products.
  package static let expandPowers = Pass(
    name: "powers",
    summary:
      "writes powers with a whole exponent from -4 to 8 as products; keeps values to rounding",
    keeps: .rounding, isIdempotent: true
  ) { graph in
    Rewriter.rewrite(graph, [.power]) { rewriter, node in
      node.op == .power ? rewriter.expandedPower(node) : nil
    }
  }
}

extension Rewriter {
  fileprivate mutating func expandedPower(_ node: Candidate) -> Replacement? {
    guard node.type.element == .float, let exponent = constant(node.operands[1]),
      let whole = Int(exactly: exponent), (-4...8).contains(whole)
    else { return nil }
    let ones = { (builder: inout GraphBuilder) in builder.ones(node.type.shape) }
    if whole == 0 { return .value(ones(&builder)) }
    let product = power(node.operands[0], whole.magnitude)
    return .value(whole > 0 ? product : builder.divide(ones(&builder), product))
  }

  /// By squaring.
  private mutating func power(_ base: ValueID, _ exponent: UInt) -> ValueID {
    var square = base
    var rest = exponent
    var product: ValueID?
    while true {
      if rest & 1 == 1 { product = product.map { builder.multiply($0, square) } ?? square }
      rest >>= 1
      guard rest > 0 else { return product ?? square }
      square = builder.multiply(square, square)
    }
  }
}
