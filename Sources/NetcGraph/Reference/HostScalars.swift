import NetcCore

extension Graph {
  /// Which values are rank 0 and depend on constants, dimensions and `step` alone, by
  /// `ValueID.index`.
  ///
  /// They are computed in double whatever the program's precision: learning rates, bias
  /// corrections.
  /// - Complexity: O(nodes).
  package func hostScalars() -> [Bool] {
    var hosted = [Bool](repeating: false, count: valueCount)
    for node in nodeIDs {
      let value = result(of: node)
      guard type(of: value).shape.rank == 0, op(of: node).operation.isHostable else { continue }
      hosted[value.index] = operands(of: node).allSatisfy { hosted[$0.index] }
    }
    return hosted
  }
}
