import NetcGraph

/// The needed nodes that read each value, identities looked through.
struct Users {
  private var starts: [Int32] = []
  private var nodes: [UInt32] = []

  /// No users at all.
  init() {}

  /// - Complexity: O(nodes + operands).
  init(_ graph: Graph, isNeeded: [Bool], source: [ValueID]) {
    starts = Array(repeating: 0, count: graph.valueCount + 1)
    let needed = graph.nodeIDs.filter { isNeeded[$0.index] }
    for node in needed {
      for operand in graph.operands(of: node) { starts[source[operand.index].index + 1] += 1 }
    }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    nodes = Array(repeating: 0, count: Int(starts.last ?? 0))
    var filled = starts
    for node in needed {
      for operand in graph.operands(of: node) {
        let value = source[operand.index].index
        nodes[Int(filled[value])] = node.rawValue
        filled[value] += 1
      }
    }
  }

  /// The nodes that read a value, one entry for each time.
  func of(_ value: ValueID) -> ArraySlice<UInt32> {
    nodes[Int(starts[value.index])..<Int(starts[value.index + 1])]
  }
}
