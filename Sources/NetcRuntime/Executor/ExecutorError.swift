import NetcCore

/// Tensors that do not fit what a plan or the persistent segment expects, in words fit for a user.
package struct ExecutorError: Error, Hashable, Sendable {
  /// What is wrong: lower case, no full stop.
  package let message: String

  package init(_ message: String) { self.message = message }
}

/// A type as users write it: `float[3, 4]`.
func typeText(_ element: ElementType, _ shape: [Int]) -> String {
  TensorType(element, Shape(sizes: shape)).description
}
