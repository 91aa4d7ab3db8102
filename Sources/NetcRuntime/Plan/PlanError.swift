package import NetcCore

/// Why a graph cannot become a plan: what a user can meet, in words fit for them.
package struct PlanError: Error, Hashable, Sendable {
  /// What is wrong: lower case, no full stop.
  package let message: String
  /// The text the node at fault comes from.
  package let range: SourceRange?

  package init(_ message: String, at range: SourceRange? = nil) {
    self.message = message
    self.range = range
  }

  /// A size that is too large for the machine's addressing, or a symbol that nothing binds.
  static func size(_ shape: Shape, _ bindings: DimBindings, at range: SourceRange?) -> PlanError {
    let open = shape.dims.flatMap(\.symbols).filter { bindings[$0] == nil }
    if let name = open.first {
      return PlanError("the dimension `\(name)` of \(shape) has no size", at: range)
    }
    return PlanError("a tensor of shape \(shape) is too large", at: range)
  }
}
