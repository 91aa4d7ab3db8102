import NetcCore
import NetcGraph

/// Stacks that a loop need not keep, because the later loops that walk through them compute the row
/// of each turn again: from the loop's carried values, its sequences and its other stacks.
struct RecomputedRows {
  /// The loop that stacks them.
  let loop: StackingLoop
  /// The stacks with what a turn computes for them.
  let dropped: [(stack: ValueID, value: ValueID)]
  /// The nodes of the loop's body that are done again, in order.
  private(set) var nodes: [NodeID] = []
  /// Where they begin: values of the body and how a later turn comes by them.
  private(set) var leaves: [(value: ValueID, source: RowSource)] = []
  /// The loops that walk through the stacks, in order.
  let readers: [NodeID]
  /// Bytes the peak loses: the stacks', less those of values kept longer for it.
  private(set) var saved = 0
  /// What computing them again costs, about in numbers read and written.
  private(set) var cost = 0.0

  /// - Parameter places: outputs of the loop whose rows may be computed elsewhere. Those that
  ///   cannot be computed again within `reach` are left out.
  /// - Returns: nil when nothing would be gained.
  /// - Complexity: O(nodes + operands of the body).
  init?(
    _ loop: StackingLoop, dropping places: [Int], _ around: LoopSurroundings,
    _ reach: RecomputedChain.Reach
  ) {
    self.loop = loop
    let able = Self.computable(loop, dropping: places, around, reach)
    let chosen = places.filter { able.nodes[loop.body.node(of: loop.value(ofOutput: $0)).index] }
    guard !chosen.isEmpty else { return nil }
    dropped = chosen.map { (loop.stack(ofOutput: $0), loop.value(ofOutput: $0)) }
    readers = Set(dropped.flatMap { around.readers(of: $0.stack) }).sorted()
    collect(able.stacked.filter { !chosen.contains($0.value) }, around)
    guard leavesRoundingAlone(around) else { return nil }
    measure(around)
    if saved <= 0 { return nil }
  }

  /// How many operations are done again.
  var count: Int { readers.count * (nodes.count + leaves.reduce(0) { $0 + $1.source.nodes.count }) }

  /// Bytes gained for each number moved.
  var gain: Double { Double(saved) / (cost + 1) }

  /// How the loop's own numbers are rounded; nil where that changes when the rows are not stacked.
  func unchangedForms(_ around: LoopSurroundings) -> RoundingForms? {
    let results = around.wantedResults(of: loop)
    let gone = Set(dropped.map(\.value))
    let rest = results.filter { !gone.contains($0) }
    guard let before = RoundingForms(loop.body, results: results, around.bindings),
      let after = RoundingForms(loop.body, results: rest, around.bindings)
    else { return nil }
    let readers = Self.readers(loop.body, rest)
    let isAlike = loop.body.nodeIDs.allSatisfy { node in
      before.isAlike(node, node, in: after)
        || !loop.body.results(of: node).contains { readers[$0.index] > 0 }
    }
    return isAlike ? before : nil
  }

  /// Which nodes of the body can be done again, and the outputs by what they stack.
  private static func computable(
    _ loop: StackingLoop, dropping places: [Int], _ around: LoopSurroundings,
    _ reach: RecomputedChain.Reach
  ) -> (nodes: [Bool], stacked: [ValueID: Int]) {
    let body = loop.body
    let bonds = RoundingBonds(body, results: around.wantedResults(of: loop))
    var stacked: [ValueID: Int] = [:]
    for place in (0..<loop.outputCount).reversed()
    where around.isWanted(loop.stack(ofOutput: place)) {
      stacked[loop.value(ofOutput: place)] = place
    }
    let mayDrop = Set(places)
    var nodes = Array(repeating: false, count: body.nodeCount)
    for node in body.nodeIDs where body.op(of: node) != .argument {
      nodes[node.index] =
        RecomputedChain.allows(body, node, reach)
        && !RecomputedChain.sums.contains(body.op(of: node))
        && body.operands(of: node).allSatisfy { operand in
          let maker = body.node(of: operand)
          if body.op(of: maker) == .argument { return true }
          if let place = stacked[operand], !mayDrop.contains(place) || !nodes[maker.index] {
            return true
          }
          return nodes[maker.index] && !bonds.isShared(operand, with: node)
        }
    }
    return (nodes, stacked)
  }

  /// Follows what is dropped back to arguments and stacks that stay.
  private mutating func collect(_ stacked: [ValueID: Int], _ around: LoopSurroundings) {
    let body = loop.body
    var isSeen = Array(repeating: false, count: body.valueCount)
    var pending = dropped.map(\.value)
    while let value = pending.popLast() {
      if isSeen[value.index] { continue }
      isSeen[value.index] = true
      let node = body.node(of: value)
      if let place = stacked[value] {
        leaves.append((value, .row(loop.stack(ofOutput: place))))
      } else if body.op(of: node) != .argument {
        nodes.append(node)
        pending += body.operands(of: node)
      } else {
        leaves.append((value, source(of: node, around)))
      }
    }
    nodes.sort()
    leaves.sort { $0.value < $1.value }
  }

  private func source(of argument: NodeID, _ around: LoopSurroundings) -> RowSource {
    switch loop.argument(argument) {
    case .carried(let place): .row(loop.stack(ofCarried: place))
    case .sequence(let value): around.source(ofRowsOf: value)
    case .captured(let value): .whole(value)
    case .position: .position
    }
  }

  /// Whether what the loop still computes keeps its readers where they may round as one with it.
  private func leavesRoundingAlone(_ around: LoopSurroundings) -> Bool {
    let body = loop.body
    let results = around.wantedResults(of: loop)
    let gone = Set(dropped.map(\.value))
    let before = Self.readers(body, results)
    let after = Self.readers(body, results.filter { !gone.contains($0) })
    let bonds = RoundingBonds(body, results: results)
    return before.indices.allSatisfy { index in
      let value = ValueID(index)
      return after[index] == before[index] || after[index] == 0
        || !bonds.isTaken(value, madeBy: bonds.maker(of: value))
    }
  }

  /// How many of the nodes that some results need read each value.
  private static func readers(_ body: Graph, _ results: [ValueID]) -> [Int] {
    var counts = Array(repeating: 0, count: body.valueCount)
    for value in results { counts[value.index] += 1 }
    for node in body.nodeIDs.reversed()
    where body.results(of: node).contains(where: { counts[$0.index] > 0 }) {
      for operand in body.operands(of: node) { counts[operand.index] += 1 }
    }
    return counts
  }

  private mutating func measure(_ around: LoopSurroundings) {
    for (stack, _) in dropped { saved += around.kept[stack]?.bytes ?? 0 }
    var later = Set<ValueID>()
    for (value, source) in leaves {
      if case .carried(let place) = loop.argument(of: value) {
        saved -= bytesOfStack(place, around)
      } else {
        later.formUnion(source.leaves)
      }
      for node in source.nodes { cost += RecomputedChain.cost(around.graph, node, around.bindings) }
    }
    for value in later.sorted() { saved -= around.bytesKeptLonger(value) }
    let turns = Double(loop.parts.length.value(around.bindings) ?? 0)
    for node in nodes { cost += turns * RecomputedChain.cost(loop.body, node, around.bindings) }
    cost *= Double(readers.count)
  }

  /// What the stack of a carried value takes beyond what is kept of it.
  private func bytesOfStack(_ place: Int, _ around: LoopSurroundings) -> Int {
    let next = loop.body.results[place].value
    let isStacked =
      around.isWanted(loop.stack(ofCarried: place))
      || (0..<loop.outputCount).contains {
        loop.value(ofOutput: $0) == next && around.isWanted(loop.stack(ofOutput: $0))
      }
    let memory = loop.final(ofCarried: place)
    if isStacked { return around.bytesKeptLonger(memory) }
    let turns = loop.parts.length.value(around.bindings) ?? 0
    let bytes = turns.multipliedReportingOverflow(by: around.kept[memory]?.bytes ?? 0)
    return bytes.overflow ? Int(Int32.max) : bytes.partialValue
  }
}

extension StackingLoop {
  /// What a value of the body stands for; nil for what a turn computes.
  func argument(of value: ValueID) -> Argument? {
    body.op(of: value) == .argument ? argument(body.node(of: value)) : nil
  }
}
