import NetcGraph

/// The graph of first values under construction.
struct InitialGraph: Sendable {
  var builder = GraphBuilder()
  /// Its number among the graphs.
  var number = -1
  /// The first values of states by name.
  var values: [String: TensorValue] = [:]
  /// What initializers gave, by their arguments.
  var initializers: [BodyKey: InitializerNodes] = [:]
  /// What stands for tensors whose shape alone may be used.
  var placeholders: Set<ValueID> = []
  /// Whose first value is computed, and how often it drew random numbers.
  private var owner = ""
  private var draws = 0

  /// Begins the first value of a parameter or state.
  mutating func begin(_ name: String) {
    owner = name
    draws = 0
    placeholders = []
  }

  /// The name of the next draw: `NAME.init`, then `NAME.init#2`.
  mutating func nextSite() -> String {
    draws += 1
    return draws == 1 ? owner + ".init" : "\(owner).init#\(draws)"
  }
}
