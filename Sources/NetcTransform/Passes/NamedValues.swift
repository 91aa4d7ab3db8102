import NetcGraph

extension Graph {
  /// By `ValueID.index`: whether a `grad` is taken in the value, so that no pass may merge or
  /// bypass it; empty when the graph has no `grad`.
  /// - Complexity: O(nodes).
  func valuesNamedByGradients() -> [Bool] {
    var named: [Bool] = []
    for node in nodeIDs where op(of: node) == .grad {
      if named.isEmpty { named = Array(repeating: false, count: valueCount) }
      for wrt in operands(of: node).dropFirst() { named[wrt.index] = true }
    }
    return named
  }
}
