/// A value the graph is computed for, with what it is for.
package struct GraphResult: Hashable, Sendable {
  /// What becomes of a result.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    /// A scalar to minimise.
    case loss
    /// What a metric sums or averages over the data.
    case metric
    /// Returned by predict and export.
    case output
    /// The next value of the parameter or state of that name.
    case update
    /// The first value of the parameter or state of that name.
    case initial
    /// The derivative of the loss in the parameter of that name.
    case gradient
    /// A named value kept for dumps and inspection only.
    case watched
    /// A result of a body, in order.
    case result
  }

  /// What becomes of it.
  package var role: Role
  /// The name the user gave or the compiler derived; for `.result` the place among the results,
  /// from 0.
  package var name: String
  /// The value itself.
  package var value: ValueID

  /// A result of these parts.
  package init(_ role: Role, _ name: String, _ value: ValueID) {
    self.role = role
    self.name = name
    self.value = value
  }
}

extension Graph {
  /// The results of one role, in order.
  package func results(_ role: GraphResult.Role) -> [GraphResult] {
    results.filter { $0.role == role }
  }
}
