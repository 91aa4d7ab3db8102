import NetcCore
import NetcGraph

extension Pass {
  /// Lets loops that compute again what an earlier loop computed read it instead.
  package static let storeForDerivatives = Pass(
    name: "stored-turns",
    summary: """
      a loop's derivative reads products and transcendental functions of the loop from stacks \
      instead of computing them again; keeps bits
      """,
    keeps: .bits, isIdempotent: false
  ) { graph in
    guard graph.hasScans else { return nil }
    PassMeter.add(graph.nodeCount)
    var storage = LoopStorage(graph)
    storage.findPairs()
    return storage.rewritten()
  }
}

/// Pairs of loops of which the later one walks through stacks of the earlier one.
private struct LoopStorage {
  private let graph: Graph
  private let nodes: [NodeID]
  private var loops: [Loop] = []
  private var isChanged: [Bool]
  /// For an output that was added, a number that no value of the graph has, to stand for it.
  private var standIns: [[Int: ValueID]]
  private var standInCount = 0

  init(_ graph: Graph) {
    self.graph = graph
    nodes = graph.nodeIDs.filter { graph.op(of: $0) == .scan }
    isChanged = Array(repeating: false, count: nodes.count)
    standIns = Array(repeating: [:], count: nodes.count)
    for node in nodes {
      loops.append(Loop(node, in: graph))
      PassMeter.add(loops[loops.count - 1].graph.nodeCount)
    }
  }

  mutating func findPairs() {
    for later in loops.indices {
      let rows = Set(loops[later].sequences.map(\.outer))
      for earlier in 0..<later
      where loops[earlier].length == loops[later].length
        && !loops[earlier].isApart && !loops[later].isApart
      {
        let results = LoopResults(
          graph.results(of: nodes[earlier]), carried: carriedCount(earlier))
        guard results.stacks.contains(where: { rows.contains($0) }) else { continue }
        store(from: earlier, results, to: later)
      }
    }
  }

  private func carriedCount(_ loop: Int) -> Int {
    graph.attributes(of: nodes[loop]).int("carried")
  }

  private mutating func store(from earlier: Int, _ results: LoopResults, to later: Int) {
    let match = LoopMatch(loops[earlier], outside(earlier, results), loops[later])
    PassMeter.add(loops[earlier].graph.nodeCount + 4 * loops[later].graph.nodeCount)
    for (value, original) in match.stored(in: loops[later]) {
      let known = loops[earlier].outputs.firstIndex { $0.value == original }
      let place = known ?? loops[earlier].output(original)
      let stack: ValueID
      if let old = loops[earlier].outputs[place].place {
        stack = results.outputs[old]
      } else {
        stack = standIn(earlier, place)
      }
      loops[later].readRow(of: stack, inPlaceOf: value)
      isChanged[earlier] = isChanged[earlier] || known == nil
      isChanged[later] = true
    }
  }

  private mutating func standIn(_ loop: Int, _ output: Int) -> ValueID {
    if let known = standIns[loop][output] { return known }
    let made = ValueID(graph.valueCount + standInCount)
    standInCount += 1
    standIns[loop][output] = made
    return made
  }

  /// The body's value whose rows each stack of a loop holds.
  private func outside(_ place: Int, _ results: LoopResults) -> [ValueID: ValueID] {
    let loop = loops[place]
    var rows: [ValueID: ValueID] = [:]
    for value in loop.carried { rows[results.stacks[value.place]] = value.argument }
    for (index, output) in loop.outputs.enumerated() {
      if let old = output.place { rows[results.outputs[old]] = output.value }
      if let made = standIns[place][index] { rows[made] = output.value }
    }
    for operand in loop.sequences { rows[operand.outer] = operand.argument }
    return rows
  }

  /// The graph with the loops as they are now.
  func rewritten() -> Graph {
    guard isChanged.contains(true) else { return graph }
    var transfer = GraphTransfer(from: graph)
    var made: [ValueID: ValueID] = [:]
    var place = 0
    for node in graph.nodeIDs {
      guard graph.op(of: node) == .scan else {
        transfer.copy(node)
        continue
      }
      if isChanged[place] {
        let copies = transfer
        let loop = loops[place].mappingOperands { made[$0] ?? copies[$0] }
        let results = loop.emit(inPlaceOf: node, &transfer)
        for (output, value) in standIns[place] { made[value] = results.outputs[output] }
      } else {
        transfer.copy(node)
      }
      place += 1
    }
    return transfer.finish()
  }
}
