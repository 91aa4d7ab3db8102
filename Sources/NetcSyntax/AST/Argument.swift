package import NetcCore

/// One argument of a call: `axis: 1` or `x`.
package struct Argument: Hashable, Sendable {
  /// The label before the colon.
  package let label: Name?
  /// What is passed.
  package let value: Expression

  /// An argument.
  package init(label: Name? = nil, value: Expression) {
    self.label = label
    self.value = value
  }

  /// Label and value.
  package var range: SourceRange {
    label.map { $0.range.joined(with: value.range) } ?? value.range
  }
}
