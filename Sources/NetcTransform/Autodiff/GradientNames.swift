import NetcGraph

/// Hands out `d_NAME` for adjoints, each once in a graph: `d_NAME_2`, `d_NAME_3` when taken.
struct GradientNames {
  /// The names taken that an adjoint might have.
  private var taken: Set<String> = []
  private var last: [String: Int] = [:]

  /// Names that differ from all names in `graph`.
  /// - Complexity: O(values).
  init(reservedBy graph: Graph) {
    var named = 0
    for node in graph.nodeIDs {
      for value in graph.results(of: node) {
        guard let name = graph.name(of: value) else { continue }
        named += 1
        if name.hasPrefix("d_") { taken.insert(name) }
      }
    }
    taken.reserveCapacity(taken.count + named)
  }

  /// The name for an adjoint of the value called `name`.
  mutating func adjointName(of name: String) -> String {
    let base = "d_" + name
    if taken.insert(base).inserted { return base }
    var number = last[base, default: 1]
    repeat { number += 1 } while !taken.insert("\(base)_\(number)").inserted
    last[base] = number
    return "\(base)_\(number)"
  }
}
