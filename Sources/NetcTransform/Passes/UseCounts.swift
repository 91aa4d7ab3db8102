import NetcGraph

extension Graph {
  /// By `ValueID.index`: how many operands and results are the value.
  func useCounts() -> [Int32] {
    var counts = [Int32](repeating: 0, count: valueCount)
    for node in nodeIDs {
      for operand in operands(of: node) { counts[operand.index] += 1 }
    }
    for result in results { counts[result.value.index] += 1 }
    return counts
  }
}
