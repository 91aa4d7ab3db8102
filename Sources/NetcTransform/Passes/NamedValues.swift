import NetcGraph

extension Graph {
  /// By `ValueID.index`: whether a `grad` is taken in the value, so that no pass may merge or
  /// bypass it; empty when the graph has no `grad`.
  /// - Complexity: O(nodes).
  func valuesNamedByGradients() -> [Bool] {
    guard operations.contains(.grad) else { return [] }
    var named = [Bool](repeating: false, count: valueCount)
    for node in nodeIDs where op(of: node) == .grad {
      for wrt in operands(of: node).dropFirst() { named[wrt.index] = true }
    }
    return named
  }
}
