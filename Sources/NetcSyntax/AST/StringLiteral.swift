package import NetcCore

/// A string in quotes where it stands in the source.
package struct StringLiteral: Hashable, Sendable {
  /// The characters meant, escapes resolved.
  package let value: String
  /// Its place, quotes included.
  package let range: SourceRange

  /// A string at a place.
  package init(_ value: String, _ range: SourceRange) {
    self.value = value
    self.range = range
  }
}
