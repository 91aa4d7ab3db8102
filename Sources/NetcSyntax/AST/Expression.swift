package import NetcCore

/// An expression with its place.
///
/// The parser bounds how deep a tree gets, so recursive walks are safe.
package struct Expression: Hashable, Sendable {
  /// The forms an expression takes.
  package indirect enum Kind: Hashable, Sendable {
    /// `1e-3`
    case number(NumberLiteral)
    /// `"text"`
    case string(String)
    /// `true`, `false`
    case bool(Bool)
    /// `x`, `fc.weight`: a value, or a callable where one is wanted.
    case path(Path)
    /// `f(x, axis: 1)`: what stands before the parenthesis is a callable.
    case call(Path, [Argument])
    /// `-x`
    case negate(Expression)
    /// `a + b` and its kind.
    case binary(BinaryOperator, Expression, Expression)
    /// `a < b`; comparisons do not chain.
    case comparison(ComparisonOperator, Expression, Expression)
    /// `not a`
    case not(Expression)
    /// `a and b`
    case and(Expression, Expression)
    /// `a or b`
    case or(Expression, Expression)
    /// `from..<to`
    case range(from: Expression, to: Expression)
    /// `if condition then x else y`
    case ifThenElse(condition: Expression, then: Expression, otherwise: Expression)
    /// `[a, b]`
    case list([Expression])
    /// `x[i, 1:3]`; at least one index.
    case index(Expression, [Index])
    /// `x |> f(a)`
    case pipe(Expression, Target)
    /// `scan xt in x along 1 { … yield h }`
    case scan(Scan)
    /// Text that could not be read; already reported, so nothing more is said about it.
    case invalid
  }

  /// What it is.
  package let kind: Kind
  /// Its place; parentheses around it are included.
  package let range: SourceRange

  /// An expression at a place.
  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}
