package import NetcCore

/// One entry between the brackets of `x[…]`.
package struct Index: Hashable, Sendable {
  /// The forms an index takes.
  package enum Kind: Hashable, Sendable {
    /// `...`: every dimension not named by the others.
    case rest
    /// `i`: picks one element and drops the dimension.
    case at(Expression)
    /// `from:to:step`, each optional.
    case slice(from: Expression?, to: Expression?, step: Expression?)
  }

  /// What it is.
  package let kind: Kind
  /// Its place.
  package let range: SourceRange

  /// An index at a place.
  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}
