import NetcGraph

extension Pass {
  /// Computes equal expressions once.
  package static let mergeEqualValues = Pass(
    name: "common-subexpressions",
    summary:
      "computes equal expressions once, equal calls and equal random draws included; keeps bits",
    keeps: .bits, isIdempotent: true, change: withEqualValuesMerged)
}

/// The graph without equal values; nil when it has none. A value that a `grad` names stays one of
/// its own.
private func withEqualValuesMerged(_ graph: Graph) -> Graph? {
  let named = graph.valuesNamedByGradients()
  var expressions = DistinctExpressions(graph)
  var isMerged = false
  for node in graph.nodeIDs {
    let results = graph.resultIndices(of: node)
    if !named.isEmpty, !graph.operands(of: node).isEmpty, results.contains(where: { named[$0] }) {
      continue
    }
    if expressions.merge(node) { isMerged = isMerged || !results.isEmpty }
  }
  PassMeter.add(graph.nodeCount + expressions.probes)
  return isMerged ? merging(graph, expressions.first) : nil
}

/// The graph without the nodes whose values are `first` given by others.
private func merging(_ graph: Graph, _ first: [ValueID]) -> Graph {
  var transfer = GraphTransfer(from: graph)
  for node in graph.nodeIDs {
    let results = graph.resultIndices(of: node)
    if let place = results.first, first[place].index != place {
      for place in results { transfer.replace(ValueID(place), by: transfer[first[place]]) }
    } else {
      transfer.copy(node)
    }
  }
  PassMeter.add(graph.nodeCount)
  return transfer.finish()
}

/// The nodes that compute different things, operands taken for the first that equal them: open
/// addressing, at most half full.
private struct DistinctExpressions {
  private let graph: Graph
  /// By value: the first that equals it.
  private(set) var first: [ValueID]
  /// The hash and number of a node; number -1 for none.
  private var slots: [(hash: UInt32, node: Int32)]
  private(set) var probes = 0

  init(_ graph: Graph) {
    self.graph = graph
    first = (0..<graph.valueCount).map { ValueID($0) }
    var size = 16
    while size < 2 * graph.nodeCount { size *= 2 }
    slots = Array(repeating: (0, -1), count: size)
  }

  /// Lets an earlier node's values stand for a node's when it computes the same; whether one does.
  mutating func merge(_ node: NodeID) -> Bool {
    let hash = hash(of: node)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot].node >= 0 {
      probes += 1
      let earlier = NodeID(Int(slots[slot].node))
      if slots[slot].hash == hash, isEqual(earlier, node) {
        for (old, new) in zip(graph.resultIndices(of: node), graph.results(of: earlier)) {
          first[old] = new
        }
        return true
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = (hash, Int32(truncatingIfNeeded: node.index))
    return false
  }

  private func isEqual(_ a: NodeID, _ b: NodeID) -> Bool {
    guard graph.op(of: a) == graph.op(of: b),
      graph.attributeNumber(of: a) == graph.attributeNumber(of: b),
      typeNumber(of: a) == typeNumber(of: b)
    else { return false }
    if let pair = unorderedPair(a) {
      return unorderedPair(b).map { $0 == pair } ?? false
    }
    return graph.operands(of: a).elementsEqual(graph.operands(of: b)) {
      first[$0.index] == first[$1.index]
    }
  }

  /// The operands that may change places without changing the bits, the earlier value first.
  private func unorderedPair(_ node: NodeID) -> (ValueID, ValueID)? {
    let op = graph.op(of: node)
    let operands = graph.operands(of: node)
    guard op == .add || op == .multiply || op == .and || op == .or, operands.count == 2,
      let a = operands.first, let b = operands.last
    else { return nil }
    let (x, y) = (first[a.index], first[b.index])
    return x < y ? (x, y) : (y, x)
  }

  private func typeNumber(of node: NodeID) -> UInt32 {
    graph[node].hasResults ? graph.typeNumber(of: graph.result(of: node)) : 0
  }

  private func hash(of node: NodeID) -> UInt32 {
    var hash = mix(UInt64(graph.op(of: node).rawValue), graph.attributeNumber(of: node))
    hash = mix(hash, typeNumber(of: node))
    if let (a, b) = unorderedPair(node) {
      hash = mix(mix(hash, a.rawValue), b.rawValue)
    } else {
      for operand in graph.operands(of: node) { hash = mix(hash, first[operand.index].rawValue) }
    }
    return UInt32(truncatingIfNeeded: hash >> 32)
  }

  private func mix(_ hash: UInt64, _ word: UInt32) -> UInt64 {
    let product = (hash ^ UInt64(word)) &* 0x9e37_79b9_7f4a_7c15
    return product ^ (product >> 29)
  }
}
