import NetcGraph

/// What each node's part of a map program needs: values in memory, scalars, operations; of other
/// nodes what they find in memory.
struct NodeReads: Sendable {
  private var ends: [Int32] = []
  private var values: [ValueID] = []
  private var scalars: [Int32] = []
  private var nodes: [Int32] = []

  /// - Complexity: O(nodes + operands) but for operations computed again.
  init(_ graph: Graph, _ analysis: GraphAnalysis) {
    ends.reserveCapacity(graph.nodeCount)
    values.reserveCapacity(2 * graph.nodeCount)
    scalars.reserveCapacity(graph.nodeCount)
    nodes.reserveCapacity(graph.nodeCount)
    for node in graph.nodeIDs {
      scalars.append(0)
      nodes.append(1)
      if analysis.mapRule(node) != nil || analysis.isFusedSum[node.index] {
        collect(graph, node, analysis)
      } else if analysis.isNeeded[node.index] {
        analysis.appendStored(of: node, to: &values)
      }
      ends.append(Int32(truncatingIfNeeded: values.count))
    }
  }

  /// The values that a node reads from memory.
  func inputs(_ node: NodeID) -> ArraySlice<ValueID> {
    values[(node.index == 0 ? 0 : Int(ends[node.index - 1]))..<Int(ends[node.index])]
  }

  /// The registers that its scalars take.
  func scalars(_ node: NodeID) -> Int { Int(scalars[node.index]) }

  /// Its operations, those computed again included.
  func nodes(_ node: NodeID) -> Int { Int(nodes[node.index]) }

  private mutating func collect(_ graph: Graph, _ node: NodeID, _ analysis: GraphAnalysis) {
    let first = values.count
    var left = Array(analysis.operands(node))
    while let value = left.popLast() {
      let maker = graph.node(of: value)
      if analysis.isFree[value.index] {
        scalars[node.index] += 2
      } else if analysis.isRecomputed[maker.index] {
        nodes[node.index] += 1
        left += analysis.operands(maker)
      } else if !values[first...].contains(value) {
        values.append(value)
      }
    }
  }
}
