import NetcGraph

/// The operands of all nodes, identities looked through, in one list.
struct OperandTable {
  private var starts: [Int32] = []
  private var values: [ValueID] = []

  /// No nodes at all.
  init() {}

  /// - Parameter source: the value each value is the same as.
  /// - Complexity: O(nodes + operands).
  init(_ graph: Graph, source: [ValueID]) {
    starts.reserveCapacity(graph.nodeCount + 1)
    values.reserveCapacity(2 * graph.nodeCount)
    for node in graph.nodeIDs {
      starts.append(Int32(truncatingIfNeeded: values.count))
      for operand in graph.operands(of: node) { values.append(source[operand.index]) }
    }
    starts.append(Int32(truncatingIfNeeded: values.count))
  }

  /// The operands of a node.
  func of(_ node: NodeID) -> Operands {
    let first = Int(starts[node.index])
    return Operands(values: values, first: first, count: Int(starts[node.index + 1]) - first)
  }

  /// The operands of one node, counted from 0.
  struct Operands: RandomAccessCollection {
    fileprivate let values: [ValueID]
    fileprivate let first: Int
    let count: Int

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(place: Int) -> ValueID { values[first + place] }
  }
}
