package import NetcCore
package import NetcGraph

/// What steps added up in double: losses and metrics.
package struct Figures: Hashable, Sendable {
  /// One loss or metric.
  package struct Entry: Hashable, Sendable {
    package let role: GraphResult.Role
    package let name: String
    package let shape: [Int]
    /// Whether `sums` are plain; otherwise each step's value counts once for each of its examples.
    package let isTotal: Bool
    package internal(set) var sums: [Double]
  }

  /// Examples seen.
  package internal(set) var examples = 0
  /// Steps done.
  package internal(set) var steps = 0
  /// In the order of the graph's results.
  package internal(set) var entries: [Entry] = []

  package init() {}

  /// The sums alone, to go on with them in another process.
  package struct Sums: Hashable, Sendable {
    package let examples: Int
    package let steps: Int
    /// Those of all entries, one after another.
    package let values: [Double]

    package init(examples: Int, steps: Int, values: [Double]) {
      self.examples = examples
      self.steps = steps
      self.values = values
    }
  }

  /// What `resume` takes.
  package var sums: Sums {
    Sums(examples: examples, steps: steps, values: entries.flatMap(\.sums))
  }

  /// Goes on with sums taken before; those of other figures are left out.
  mutating func resume(_ saved: Sums) {
    guard saved.values.count == entries.reduce(0, { $0 + $1.sums.count }) else { return }
    var rest = saved.values[...]
    for index in entries.indices {
      let count = entries[index].sums.count
      entries[index].sums = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    examples = saved.examples
    steps = saved.steps
  }

  /// The average over the examples of a scalar loss or metric; nil without one or before the
  /// first step.
  package func mean(_ role: GraphResult.Role, _ name: String) -> Double? {
    guard examples > 0, let entry = entry(role, name), let sum = entry.sums.first else {
      return nil
    }
    return sum / Double(examples)
  }

  /// The plain sum of a total.
  package func total(_ name: String) -> Tensor? {
    guard let entry = entry(.metric, name) else { return nil }
    return Tensor(shape: entry.shape, .double(entry.sums))
  }

  /// The entry of that role and name.
  package func entry(_ role: GraphResult.Role, _ name: String) -> Entry? {
    entries.first { $0.role == role && $0.name == name }
  }
}
