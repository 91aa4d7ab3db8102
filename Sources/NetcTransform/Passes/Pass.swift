package import NetcGraph

/// A rewriting of graphs that keeps their meaning.
///
/// Every pass leaves values that a `grad` names reachable only through themselves: it neither
/// merges nor bypasses them.
package struct Pass: Sendable {
  /// What a pass keeps of the numbers.
  package enum Exactness: String, Hashable, Sendable {
    /// Every result has the same bits (a NaN stays a NaN).
    case bits
    /// Results differ by rounding, and where the original overflows.
    case rounding
  }

  /// The name in pipelines and `--dump-after`.
  package let name: String
  /// One sentence: what it does.
  package let summary: String
  /// What it keeps of the numbers.
  package let keeps: Exactness
  /// Whether a second run changes nothing.
  package let isIdempotent: Bool
  /// The rewriting: nil for a graph in which there is nothing to do.
  private let change: @Sendable (Graph) -> Graph?

  /// A pass of these parts.
  package init(
    name: String, summary: String, keeps: Exactness, isIdempotent: Bool,
    change: @escaping @Sendable (Graph) -> Graph?
  ) {
    self.name = name
    self.summary = summary
    self.keeps = keeps
    self.isIdempotent = isIdempotent
    self.change = change
  }

  /// The rewriting of a graph, bodies of its loops left out.
  package func apply(_ graph: Graph) -> Graph { change(graph) ?? graph }

  /// The rewriting of a graph and of the bodies of its loops, to any depth; nil where there is
  /// nothing to do.
  package func changeThroughout(_ graph: Graph) -> Graph? {
    let changed = change(graph)
    return (changed ?? graph).mappingScanBodies { changeThroughout($0) } ?? changed
  }
}
