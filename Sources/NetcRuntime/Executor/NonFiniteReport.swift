import NetcCore
package import NetcGraph

/// Where a step's first NaN or infinity came from.
package struct NonFiniteReport: Hashable, Sendable {
  /// The step, counted as updates completed before it.
  package let step: Int
  /// The operation that made it from finite operands, or `parameter`, `state`, `input` when it
  /// was there before.
  package let operation: String
  /// The value's name, if it has one.
  package let name: String?
  /// `nan`, `inf` or `-inf`.
  package let found: String
  package let origin: Origin
}
