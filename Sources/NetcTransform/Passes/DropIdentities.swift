import NetcGraph

extension Pass {
  /// Removes `identity` nodes that no `grad` names.
  package static let dropIdentities = Pass(
    name: "identities", summary: "removes the identities that no `grad` names; keeps bits",
    keeps: .bits,
    isIdempotent: true
  ) { graph in
    Rewriter.rewrite(graph, [.identity]) { _, node in
      node.op == .identity ? .value(node.operands[0]) : nil
    }
  }
}
