import NetcCore
import NetcGraph

extension Pass {
  /// Moves what does not depend on carried values in front of loops.
  package static let hoistFromLoops = Pass(
    name: "before-loops",
    summary: """
      computes what is the same in every turn once, and products of rows and what stays the same \
      for all turns as one product, before the loop
      """,
    keeps: .rounding, isIdempotent: false
  ) { graph in
    graph.rewritingLoops { node, _, transfer in hoist(node, &transfer) }
  }
}

/// Copies a loop with what can stand before it moved there.
private func hoist(_ node: NodeID, _ transfer: inout GraphTransfer) {
  var loop = Loop(node, of: transfer)
  PassMeter.add(4 * loop.graph.nodeCount)
  let kinds = LoopKinds(loop)
  let targets = HoistTargets(loop, kinds)
  if targets.fixed.isEmpty, targets.rows.isEmpty {
    transfer.copy(node)
    return
  }
  var lift = LoopLift(loop, kinds, GraphBuilder())
  swap(&lift.builder, &transfer.builder)
  for value in targets.fixed { loop.read(lift.one(value), inPlaceOf: value) }
  for value in targets.rows { loop.readRow(of: lift.all(value), inPlaceOf: value) }
  swap(&lift.builder, &transfer.builder)
  loop.emit(inPlaceOf: node, &transfer)
}

/// The values of a loop's body that are worth computing before it, and that the rest of it reads.
private struct HoistTargets {
  /// The same in every turn.
  private(set) var fixed: [ValueID] = []
  /// Rows of something with a product in it.
  private(set) var rows: [ValueID] = []

  init(_ loop: Loop, _ kinds: LoopKinds) {
    let graph = loop.graph
    let isWorthwhile = Self.worthwhile(loop, kinds)
    var isTarget = [Bool](repeating: false, count: graph.valueCount)
    func note(_ read: ValueID, by reader: LoopKinds.Kind?) {
      guard kinds[read] != .turn, isWorthwhile[read.index], kinds[read] != reader else { return }
      var value = read
      while Self.isView(graph.op(of: value)),
        let inner = graph.operands(of: graph.node(of: value)).first
      {
        value = inner
      }
      if kinds[value] == kinds[read] { isTarget[value.index] = true }
    }
    let needed = loop.neededNodes()
    for node in graph.nodeIDs where needed[node.index] {
      let reader = kinds[graph.result(of: node)]
      let isLifted = reader == .row && isWorthwhile[graph.result(of: node).index]
      if isLifted { continue }
      for operand in graph.operands(of: node) { note(operand, by: reader == .row ? nil : reader) }
    }
    for value in loop.results { note(value, by: nil) }
    for node in graph.nodeIDs {
      for value in graph.results(of: node) where isTarget[value.index] {
        if kinds[value] == .fixed {
          fixed.append(value)
        } else if !loop.isApart {
          rows.append(value)
        }
      }
    }
  }

  /// By `ValueID.index`: whether computing a value outside saves more than its memory costs. For a
  /// fixed one that is any arithmetic; for a row a product with what is fixed.
  private static func worthwhile(_ loop: Loop, _ kinds: LoopKinds) -> [Bool] {
    let graph = loop.graph
    var result = [Bool](repeating: false, count: graph.valueCount)
    for node in graph.nodeIDs where graph.op(of: node) != .argument {
      let operands = graph.operands(of: node)
      let kind = kinds[graph.result(of: node)]
      let isWorthwhile: Bool
      switch kind {
      case .turn: isWorthwhile = false
      case .fixed:
        isWorthwhile =
          !operands.isEmpty && !isView(graph.op(of: node))
          || graph.op(of: node) == .randomUniform || operands.contains { result[$0.index] }
      case .row:
        isWorthwhile =
          graph.op(of: node) == .dotGeneral && operands.contains { kinds[$0] == .fixed }
          || operands.contains { kinds[$0] == .row && result[$0.index] }
      }
      for value in graph.results(of: node) { result[value.index] = isWorthwhile }
    }
    return result
  }

  private static func isView(_ op: OpID) -> Bool {
    op == .reshape || op == .transpose || op == .slice || op == .broadcastInDim
  }
}
