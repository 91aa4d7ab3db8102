import NetcGraph

extension Graph {
  /// The graph with every loop rewritten and all else copied; nil where it has no loop.
  ///
  /// `rewrite` is given a loop, how often each value of the graph is used, and where to write.
  /// - Complexity: O(n) in the nodes, beside what `rewrite` takes.
  func rewritingLoops(_ rewrite: (NodeID, [Int32], inout GraphTransfer) -> Void) -> Graph? {
    guard hasScans else { return nil }
    PassMeter.add(nodeCount)
    let uses = useCounts()
    var transfer = GraphTransfer(from: self)
    for node in nodeIDs {
      if op(of: node) == .scan {
        rewrite(node, uses, &transfer)
      } else {
        transfer.copy(node)
      }
    }
    return transfer.finish()
  }
}
