package import NetcGraph

/// A `grad` that asks for the derivative of a scalar in a value it does not depend on, or only by
/// steps.
package struct GradientProblem: Hashable, Sendable {
  /// Why nothing flows from the scalar to the value.
  package enum Kind: Hashable, Sendable {
    /// The scalar is computed without the value.
    case unreachable
    /// Each path passes an operation whose derivative is zero almost everywhere or that has none.
    case zeroAlmostEverywhere
  }

  /// The operation nearest to the value at which a path ends.
  package struct Blocking: Hashable, Sendable {
    /// The operation's name.
    package let operation: String
    /// Where it comes from.
    package let origin: Origin
  }

  package let kind: Kind
  /// The `grad` node in the graph handed in.
  package let grad: NodeID
  /// The readable names of the scalar and the value, where they have one.
  package let scalarName: String?
  package let wrtName: String?
  /// Where the `grad` comes from.
  package let origin: Origin
  /// For `.zeroAlmostEverywhere`: what stops the derivative.
  package let blocking: Blocking?
}
