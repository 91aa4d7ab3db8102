package import NetcCore

/// A type as written: `float[batch, 64]`, `class(10)[batch]`, `int`, `fn`, or a word such as
/// `same`.
package struct TypeExpression: Hashable, Sendable {
  /// What stands before the brackets.
  package enum Element: Hashable, Sendable {
    /// `float`, `int`, `bool`, `string`, `dims`, or a word.
    case named(Name)
    /// `class(10)`, `class("a", "b")`, `class(10, ignore: 255)`.
    case classes([Argument])
    /// `fn`
    case function
  }

  /// What stands before the brackets.
  package let element: Element
  /// The dimensions; nil without brackets, empty for `float[]`.
  package let dimensions: [Dimension]?
  /// Its place.
  package let range: SourceRange

  /// A type at a place.
  package init(element: Element, dimensions: [Dimension]?, range: SourceRange) {
    self.element = element
    self.dimensions = dimensions
    self.range = range
  }
}

/// One entry between a type's brackets.
package struct Dimension: Hashable, Sendable {
  /// The forms a dimension takes.
  package enum Kind: Hashable, Sendable {
    /// `...`, or `...name`: any number of dimensions.
    case rest(Name?)
    /// A size; a single name may be bound here.
    case size(Expression)
  }

  /// What it is.
  package let kind: Kind
  /// Its place.
  package let range: SourceRange

  /// A dimension at a place.
  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}
