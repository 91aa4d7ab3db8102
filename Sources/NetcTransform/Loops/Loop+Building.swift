import NetcGraph

extension Loop {
  /// The loop as parts of a node, its body without what nothing needs.
  /// - Complexity: O(nodes of the body).
  func parts() -> ScanParts<ValueID> {
    let source = graph
    var transfer = GraphTransfer(from: source)
    let arguments =
      carried.map(\.argument) + sequences.map(\.argument) + captured.map(\.argument) + [position]
    for (place, value) in arguments.enumerated() {
      transfer.builder.origin = source.origin(of: source.node(of: value))
      transfer.replace(value, by: transfer.builder.argument(place, source.type(of: value)))
    }
    for (value, substitute) in substitutes { transfer[value] = transfer[substitute] }
    let needed = neededNodes()
    for node in source.nodeIDs where needed[node.index] { transfer.copy(node) }
    var graph = transfer.builder.graph
    graph.results = results.enumerated().map { GraphResult(.result, String($0), transfer[$1]) }
    var parts = ScanParts(
      carried: carried.map(\.initial), sequences: sequences.map(\.outer),
      captured: captured.map(\.outer), length: length, isReversed: isReversed,
      body: GraphBody(graph))
    parts.isApart = isApart
    return parts
  }

  /// Which nodes but arguments a turn still computes, by `NodeID.index`.
  func neededNodes() -> [Bool] {
    neededNodes(for: results)
  }

  /// Which nodes but arguments some values need, by `NodeID.index`.
  func neededNodes(for values: [ValueID]) -> [Bool] {
    let source = graph
    var needed = [Bool](repeating: false, count: source.nodeCount)
    func note(_ value: ValueID) {
      if substitutes[value] != nil { return }
      needed[source.node(of: value).index] = true
    }
    for value in values { note(value) }
    for node in source.nodeIDs.reversed() where needed[node.index] {
      if source.op(of: node) == .argument {
        needed[node.index] = false
        continue
      }
      for operand in source.operands(of: node) { note(operand) }
    }
    return needed
  }

  /// Appends the loop in place of `node`, whose results become those of the new one; a loop that
  /// gives nothing is left out.
  /// - Returns: the new results.
  @discardableResult
  func emit(inPlaceOf node: NodeID, _ transfer: inout GraphTransfer) -> LoopResults {
    if results.isEmpty { return LoopResults([], carried: 0) }
    let old = transfer.source.results(of: node)
    let parts = ScanParts<ValueID>(
      transfer.source.attributes(of: node), operands: transfer.copiedOperands(of: node))
    transfer.builder.origin = transfer.source.origin(of: node)
    let made = LoopResults(transfer.builder.scan(self.parts()), carried: carried.count)
    for (index, value) in carried.enumerated() {
      transfer.replace(old[value.place], by: made.finals[index])
      transfer.replace(
        old[parts.carried.count + parts.outputCount + value.place], by: made.stacks[index])
    }
    for (index, output) in outputs.enumerated() {
      guard let place = output.place else { continue }
      transfer.replace(old[parts.carried.count + place], by: made.outputs[index])
    }
    return made
  }
}

/// The results of a `scan` by what they are.
struct LoopResults {
  /// The carried values after the loop.
  let finals: [ValueID]
  /// The stacked outputs.
  let outputs: [ValueID]
  /// The carried values each turn began with, stacked.
  let stacks: [ValueID]

  /// The results of a node that carries `carried` values.
  init(_ values: some Sequence<ValueID>, carried: Int) {
    let results = Array(values)
    finals = Array(results[..<carried])
    outputs = Array(results[carried..<results.count - carried])
    stacks = Array(results[(results.count - carried)...])
  }
}
