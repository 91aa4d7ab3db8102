package import NetcCore

/// Statements in braces.
package struct Block: Hashable, Sendable {
  /// The statements in order.
  package let statements: [Statement]
  /// From `{` to `}`.
  package let range: SourceRange

  /// A block at a place.
  package init(statements: [Statement], range: SourceRange) {
    self.statements = statements
    self.range = range
  }
}
