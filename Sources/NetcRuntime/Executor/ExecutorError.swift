/// Tensors that do not fit what a plan or the persistent segment expects, in words fit for a user.
package struct ExecutorError: Error, Hashable, Sendable {
  /// What is wrong: lower case, no full stop.
  package let message: String

  package init(_ message: String) { self.message = message }
}
