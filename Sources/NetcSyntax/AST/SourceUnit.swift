package import NetcCore

/// One file as statements.
package struct SourceUnit: Hashable, Sendable {
  /// The file.
  package let file: SourceID
  /// Its statements in order.
  package let statements: [Statement]
  /// The empty range after the last byte.
  package let end: SourceRange
  /// What could not be read of it.
  package let doubt: Doubt

  /// The statements of a file.
  package init(
    file: SourceID, statements: [Statement], end: SourceRange, doubt: Doubt = Doubt()
  ) {
    self.file = file
    self.statements = statements
    self.end = end
    self.doubt = doubt
  }
}
