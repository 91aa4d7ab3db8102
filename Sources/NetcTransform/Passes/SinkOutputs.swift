import NetcCore
import NetcGraph

extension Pass {
  /// Moves what is computed for outputs alone behind loops.
  package static let sinkOutputs = Pass(
    name: "outputs-after-loops",
    summary: """
      products of what a turn gives and what stays the same, when no later turn reads them, become \
      one product over all turns after the loop
      """,
    keeps: .rounding, isIdempotent: true
  ) { graph in
    graph.rewritingLoops { node, _, transfer in sink(node, &transfer) }
  }
}

private func sink(_ node: NodeID, _ transfer: inout GraphTransfer) {
  var loop = Loop(node, of: transfer)
  let original = loop
  PassMeter.add(5 * loop.graph.nodeCount)
  let kinds = LoopKinds(loop)
  let tail = LoopTail(loop, kinds)
  let moved = loop.outputs.filter { tail.isMoved($0.value) }
  if moved.isEmpty || loop.isApart {
    transfer.copy(node)
    return
  }
  loop.outputs.removeAll { tail.isMoved($0.value) }
  for value in tail.leaves where !loop.isAtHand(value) { _ = loop.output(value) }
  let old = LoopResults(transfer.source.results(of: node), carried: loop.carried.count)
  let results = loop.emit(inPlaceOf: node, &transfer)
  var lift = LoopLift(original, kinds, GraphBuilder())
  swap(&lift.builder, &transfer.builder)
  lift.know(results, of: loop)
  let made = moved.map { lift.all($0.value) }
  swap(&lift.builder, &transfer.builder)
  for (output, value) in zip(moved, made) {
    if let place = output.place { transfer.replace(old.outputs[place], by: value) }
  }
}

/// The part of a body that only outputs read and that is worth doing for all turns at once: a
/// product with what stays the same, and what is done to it with what is at hand outside.
private struct LoopTail {
  private var moved: [Bool]
  /// What the moved part reads of the rest.
  private(set) var leaves: [ValueID] = []

  init(_ loop: Loop, _ kinds: LoopKinds) {
    let graph = loop.graph
    let isFree = Self.readByOutputsOnly(loop)
    moved = Array(repeating: false, count: graph.valueCount)
    for node in graph.nodeIDs {
      let value = graph.result(of: node)
      guard kinds[value] == .turn, isFree[node.index], loop.canLift(node) else { continue }
      let changing = graph.operands(of: node).filter { kinds[$0] == .turn }
      let isProduct =
        graph.op(of: node) == .dotGeneral && changing.count == 1
        && graph.operands(of: node).contains { kinds[$0] == .fixed }
      let follows = !changing.isEmpty && changing.allSatisfy { moved[$0.index] }
      moved[value.index] = (isProduct || follows) && changing.allSatisfy { loop.canStack($0) }
    }
    keepWhatOthersRead(loop)
    var seen: Set<ValueID> = []
    for node in graph.nodeIDs where moved[graph.result(of: node).index] {
      for operand in graph.operands(of: node)
      where kinds[operand] == .turn && !moved[operand.index] && seen.insert(operand).inserted {
        leaves.append(operand)
      }
    }
  }

  func isMoved(_ value: ValueID) -> Bool { moved[value.index] }

  /// By `NodeID.index`: whether the carried values do without the node.
  private static func readByOutputsOnly(_ loop: Loop) -> [Bool] {
    let outputs = loop.neededNodes()
    let carried = loop.neededNodes(for: loop.carried.map(\.next))
    return zip(outputs, carried).map { $0 && !$1 }
  }

  /// Leaves in the loop what something there reads.
  private mutating func keepWhatOthersRead(_ loop: Loop) {
    let needed = loop.neededNodes()
    for node in loop.graph.nodeIDs.reversed() where needed[node.index] {
      let isMoved = loop.graph.results(of: node).contains { moved[$0.index] }
      if isMoved { continue }
      for operand in loop.graph.operands(of: node) { moved[operand.index] = false }
    }
  }
}

extension Loop {
  /// Whether a value is known outside: a row of a sequence, or what a turn begins with.
  func isAtHand(_ value: ValueID) -> Bool {
    value == position || sequences.contains { $0.argument == value }
      || carried.contains { $0.argument == value }
  }
}
