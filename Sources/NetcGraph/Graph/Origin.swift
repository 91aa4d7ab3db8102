package import NetcCore

/// Where a node comes from, for diagnostics, dumps and the search for the first NaN.
package struct Origin: Hashable, Sendable {
  /// The user's text that asked for it; for a derived node that of the forward node.
  package var range: SourceRange?
  /// For a derived node: the name (or operation) of the forward value it differentiates.
  package var primal: String?
  /// For a derived node: the rule applied, as `dot_general wrt rhs`.
  package var rule: String?

  /// An origin of these parts.
  package init(range: SourceRange? = nil, primal: String? = nil, rule: String? = nil) {
    self.range = range
    self.primal = primal
    self.rule = rule
  }

  /// No known origin.
  package static let unknown = Origin()
}
