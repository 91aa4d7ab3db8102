import NetcGraph

extension Pass {
  /// Replaces every `grad` by operations.
  package static let differentiate = Pass(
    name: "differentiate",
    summary:
      "replaces each `grad` by the operations of a reverse sweep; the other results keep their bits",
    keeps: .bits, isIdempotent: true
  ) { graph in
    graph.mayHoldGradients ? expandGradients(graph).graph : nil
  }
}
