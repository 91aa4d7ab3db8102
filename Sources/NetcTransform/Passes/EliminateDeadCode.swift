import NetcGraph

extension Pass {
  /// Removes nodes that no result needs.
  package static let eliminateDeadCode = Pass(
    name: "dead-code", summary: "removes the nodes that no result needs; keeps bits", keeps: .bits,
    isIdempotent: true, change: withoutDeadCode)
}

private func withoutDeadCode(_ graph: Graph) -> Graph? {
  var isNeeded = [Bool](repeating: false, count: graph.valueCount)
  for result in graph.results { isNeeded[result.value.index] = true }
  var keeps = [Bool](repeating: false, count: graph.nodeCount)
  for index in (0..<graph.nodeCount).reversed() {
    let node = NodeID(index)
    guard graph.resultIndices(of: node).contains(where: { isNeeded[$0] }) else { continue }
    keeps[index] = true
    for operand in graph.operands(of: node) { isNeeded[operand.index] = true }
  }
  PassMeter.add(2 * graph.nodeCount)
  if !keeps.contains(false) { return nil }
  var transfer = GraphTransfer(from: graph)
  for node in graph.nodeIDs where keeps[node.index] { transfer.copy(node) }
  return transfer.finish()
}
