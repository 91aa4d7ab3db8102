package import NetcCore

/// A name with dots, as `fc.weight` or `std.residual`; most have a single part.
package struct Path: Hashable, Sendable, CustomStringConvertible {
  /// The part before the first dot.
  package let first: Name
  /// The parts after it; usually none.
  package let rest: [Name]

  /// A path of these parts.
  package init(_ first: Name, _ rest: [Name] = []) {
    self.first = first
    self.rest = rest
  }

  /// All parts, at least one.
  package var names: [Name] { [first] + rest }
  /// The last part.
  package var last: Name { rest.last ?? first }
  /// The name when there are no dots.
  package var single: Name? { rest.isEmpty ? first : nil }
  /// The parts with dots between them: the flat name a dotted value has.
  package var text: String {
    rest.isEmpty ? first.text : names.map(\.text).joined(separator: ".")
  }
  /// From the first part to the last.
  package var range: SourceRange { first.range.joined(with: last.range) }
  /// The flat text.
  package var description: String { text }
}
