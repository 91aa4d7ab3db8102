package import NetcCore

/// An identifier where it stands in the source.
package struct Name: Hashable, Sendable, CustomStringConvertible {
  /// The identifier; equal spellings are equal by canonical equivalence, as Swift compares strings.
  package let text: String
  /// Its place.
  package let range: SourceRange

  /// A name at a place.
  package init(_ text: String, _ range: SourceRange) {
    self.text = text
    self.range = range
  }

  /// The identifier.
  package var description: String { text }
}
