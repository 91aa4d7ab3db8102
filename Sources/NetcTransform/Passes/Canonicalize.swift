import NetcGraph

extension Pass {
  /// Brings equal computations into one form where no bit changes.
  package static let canonicalize = Pass(
    name: "canonical-form",
    summary: """
      drops neutral factors, double negation, identities, chains of reshapes, transposes and broadcasts; \
      constants stand right; keeps bits
      """,
    keeps: .bits, isIdempotent: true
  ) { graph in
    Rewriter.rewrite(graph, formed) { rewriter, candidate in rewriter.canonical(candidate) }
  }
}

/// The operations that may have another form.
private let formed: OperationSet = [
  .identity, .stopGradient, .add, .subtract, .multiply, .divide, .negate, .power, .maximum,
  .minimum,
  .convert, .dimension, .select, .not, .and, .or, .reshape, .transpose, .broadcastInDim, .slice,
  .pad, .concatenate, .reverse,
]

extension Rewriter {
  /// A form of a node with fewer operations or constants in their place, without changing a bit.
  fileprivate mutating func canonical(_ node: Candidate) -> Replacement? {
    switch node.op {
    case .identity: .value(node.operands[0])
    case .stopGradient: isDifferentiated ? nil : .value(node.operands[0])
    case .add, .subtract, .multiply, .divide, .negate, .power, .maximum, .minimum, .convert,
      .dimension:
      canonicalArithmetic(node)
    case .select, .not, .and, .or: canonicalLogic(node)
    default: canonicalShape(node)
    }
  }
}
