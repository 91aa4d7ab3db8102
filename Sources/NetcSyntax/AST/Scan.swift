package import NetcCore

/// A run-time loop: `scan a in x, b in y along 1 reversed { … yield h }`.
package struct Scan: Hashable, Sendable {
  /// One `NAME in expression` of the header.
  package struct Sequence: Hashable, Sendable {
    /// What the body calls one element.
    package let name: Name
    /// What is walked through.
    package let source: Expression

    /// A sequence of a scan.
    package init(name: Name, source: Expression) {
      self.name = name
      self.source = source
    }
  }

  /// What is walked through, side by side; at least one unless the text could not be read.
  package let sequences: [Sequence]
  /// The axis after `along`.
  package let axis: Expression?
  /// The place of the word `reversed` when it is there.
  package let reversed: SourceRange?
  /// What is done for each element.
  package let body: Block

  /// A scan.
  package init(
    sequences: [Sequence], axis: Expression?, reversed: SourceRange?, body: Block
  ) {
    self.sequences = sequences
    self.axis = axis
    self.reversed = reversed
    self.body = body
  }

  /// The `yield` that ends the body, with what it yields; nil for a scan that is a statement.
  package var yields: [Expression]? {
    guard case .yield(let values)? = body.statements.last?.kind else { return nil }
    return values
  }
}
