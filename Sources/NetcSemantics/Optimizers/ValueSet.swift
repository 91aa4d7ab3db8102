import NetcGraph

/// A set of values of one graph as a flag for each: cheaper than hashing where many are met.
struct ValueSet: Sendable {
  private var flags: [Bool] = []

  /// A set without values.
  init() {}

  /// These values of a graph.
  init(_ values: [ValueID], of graph: Graph) {
    flags = Array(repeating: false, count: graph.valueCount)
    for value in values { insert(value) }
  }

  /// Whether a value is in the set; one made after the set is not.
  func contains(_ value: ValueID) -> Bool { value.index < flags.count && flags[value.index] }

  /// Adds a value that the graph held when the set was made.
  mutating func insert(_ value: ValueID) { flags[value.index] = true }
}
