import NetcGraph

extension Pass {
  /// Computes equal expressions once.
  package static let mergeEqualValues = Pass(
    name: "common-subexpressions",
    summary: "computes equal expressions once, equal calls and equal random draws included; keeps bits",
    keeps: .bits, isIdempotent: true, apply: withEqualValuesMerged)
}

/// A value that a `grad` names stays one of its own.
private func withEqualValuesMerged(_ graph: Graph) -> Graph {
  let named = graph.valuesNamedByGradients()
  var first = (0..<graph.valueCount).map { ValueID($0) }
  var table = ExpressionTable(capacity: graph.nodeCount)
  var isMerged = false
  for node in graph.nodeIDs {
    let results = graph.resultIndices(of: node)
    let operands = graph.operands(of: node)
    if !named.isEmpty, !operands.isEmpty, results.contains(where: { named[$0] }) { continue }
    let expression = graph.expression(of: node, operands.map { first[$0.index] })
    guard let earlier = table.find(expression, orInsert: node) else { continue }
    isMerged = isMerged || !results.isEmpty
    for (old, new) in zip(results, graph.results(of: earlier)) { first[old] = new }
  }
  PassMeter.add(graph.nodeCount + table.probes)
  return isMerged ? merging(graph, first) : graph
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

extension Graph {
  /// A node without its place; operands that may change places without changing the bits are
  /// sorted. A method: an initializer would take, and so copy, the graph for each node.
  fileprivate func expression(of node: NodeID, _ copies: [ValueID]) -> Expression {
    let op = op(of: node)
    let commutes = op == .add || op == .multiply || op == .and || op == .or
    let isTurned = commutes && copies.count == 2 && copies[1] < copies[0]
    return Expression(
      op: op, attributes: attributeNumber(of: node),
      type: self[node].hasResults ? typeNumber(of: result(of: node)) : 0,
      operands: isTurned ? [copies[1], copies[0]] : copies)
  }
}

/// What a node computes, as integers: the numbers of its operation, attributes and type, and its
/// operands.
private struct Expression: Equatable {
  let op: OpID
  let attributes: UInt32
  let type: UInt32
  let operands: [ValueID]

  var hash: UInt32 {
    var hash = mix(mix(UInt64(op.rawValue), attributes), type)
    for operand in operands { hash = mix(hash, operand.rawValue) }
    return UInt32(truncatingIfNeeded: hash >> 32)
  }

  private func mix(_ hash: UInt64, _ word: UInt32) -> UInt64 {
    let product = (hash ^ UInt64(word)) &* 0x9e37_79b9_7f4a_7c15
    return product ^ (product >> 29)
  }
}

/// Expressions with the nodes of the source that compute them: open addressing, at most half full.
private struct ExpressionTable {
  private struct Entry {
    let expression: Expression
    let node: NodeID
  }

  /// The hash and place of an entry; place -1 for none.
  private var slots: [(hash: UInt32, place: Int32)]
  private var entries: [Entry] = []
  private(set) var probes = 0

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    slots = Array(repeating: (0, -1), count: size)
    entries.reserveCapacity(capacity)
  }

  /// The first node of an equal expression; nil when there is none, and from now on `node` is it.
  mutating func find(_ expression: Expression, orInsert node: NodeID) -> NodeID? {
    let hash = expression.hash
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot].place >= 0 {
      probes += 1
      if slots[slot].hash == hash, entries[Int(slots[slot].place)].expression == expression {
        return entries[Int(slots[slot].place)].node
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = (hash, Int32(truncatingIfNeeded: entries.count))
    entries.append(Entry(expression: expression, node: node))
    return nil
  }
}
