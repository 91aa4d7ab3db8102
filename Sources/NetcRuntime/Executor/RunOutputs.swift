package import NetcCore
package import NetcGraph

/// The results of one run, in the order of the graph's results.
package struct RunOutputs: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let role: GraphResult.Role
    package let name: String
    package let tensor: Tensor
  }

  package internal(set) var entries: [Entry] = []

  package init() {}

  /// The tensor of that role and name.
  package subscript(role: GraphResult.Role, name: String) -> Tensor? {
    entries.first { $0.role == role && $0.name == name }?.tensor
  }
}
