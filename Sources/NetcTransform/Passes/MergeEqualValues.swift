import NetcGraph

extension Pass {
  /// Computes equal expressions once.
  package static let mergeEqualValues = Pass(
    name: "common-subexpressions",
    summary: "computes equal expressions once, equal calls and equal random draws included; keeps bits",
    keeps: .bits, isIdempotent: true, apply: withEqualValuesMerged)
}

/// An expression is its operation, the number of its attributes and its operands: integers. A value that a `grad`
/// names stays one of its own.
private func withEqualValuesMerged(_ graph: Graph) -> Graph {
  let named = graph.valuesNamedByGradients()
  var transfer = GraphTransfer(from: graph)
  var table = ExpressionTable(capacity: graph.nodeCount)
  for node in graph.nodeIDs {
    let isNamed = !named.isEmpty && graph.results(of: node).contains { named[$0.index] }
    let isLeaf = graph.operands(of: node).isEmpty
    if isNamed, !isLeaf {
      transfer.copy(node)
      continue
    }
    let expression = Expression(node, of: graph) { transfer[$0] }
    if let earlier = table.find(expression) {
      let made = transfer.builder.graph.results(of: earlier)
      for (old, new) in zip(graph.results(of: node), made) { transfer.replace(old, by: new) }
    } else {
      table.insert(expression, NodeID(transfer.builder.graph.nodeCount))
      transfer.copy(node)
    }
  }
  PassMeter.add(graph.nodeCount + table.probes)
  return transfer.finish()
}

/// A node without its place.
private struct Expression: Equatable {
  let op: OpID
  let attributes: UInt32
  let type: UInt32
  var operands: [ValueID]
  let hash: UInt64

  /// Operands that may change places without changing the bits are sorted.
  init(_ node: NodeID, of graph: Graph, copy: (ValueID) -> ValueID) {
    op = graph.op(of: node)
    attributes = graph.attributeNumber(of: node)
    type = graph[node].hasResults ? graph.typeNumber(of: graph.result(of: node)) : 0
    operands = graph.operands(of: node).map(copy)
    let commutes = op == .add || op == .multiply || op == .and || op == .or
    if commutes, operands.count == 2, operands[1] < operands[0] { operands.swapAt(0, 1) }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ word: UInt32) {
      hash = (hash ^ UInt64(word)) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    mix(UInt32(op.rawValue))
    mix(attributes)
    mix(type)
    for operand in operands { mix(operand.rawValue) }
    self.hash = hash
  }
}

/// Expressions with the nodes that compute them: open addressing, at most half full.
private struct ExpressionTable {
  private var slots: [Int32]
  private var entries: [(expression: Expression, node: NodeID)] = []
  private(set) var probes = 0

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    slots = Array(repeating: -1, count: size)
    entries.reserveCapacity(capacity)
  }

  mutating func find(_ expression: Expression) -> NodeID? {
    let slot = place(expression)
    return slots[slot] < 0 ? nil : entries[Int(slots[slot])].node
  }

  mutating func insert(_ expression: Expression, _ node: NodeID) {
    let slot = place(expression)
    slots[slot] = Int32(truncatingIfNeeded: entries.count)
    entries.append((expression, node))
  }

  private mutating func place(_ expression: Expression) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: expression.hash) & mask
    while slots[slot] >= 0 {
      probes += 1
      let entry = entries[Int(slots[slot])].expression
      if entry.hash == expression.hash, entry == expression { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }
}
