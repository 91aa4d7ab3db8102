import NetcCore
import NetcGraph

/// Which values of a loop's body equal values of an earlier loop's body at the same position.
struct LoopMatch {
  /// A node of the earlier body by what it computes.
  private struct Expression: Hashable {
    let op: OpID
    let attributes: Attributes
    let type: TensorType?
    let operands: [ValueID]

    init(_ node: NodeID, of graph: Graph, _ operands: [ValueID]) {
      op = graph.op(of: node)
      attributes = graph.attributes(of: node)
      type = graph[node].hasResults ? graph.type(of: graph.result(of: node)) : nil
      let commutes = op == .add || op == .multiply || op == .and || op == .or
      self.operands = commutes ? operands.sorted() : operands
    }
  }

  /// For values of the later body the equal one of the earlier body.
  private var equals: [ValueID: ValueID] = [:]

  /// Compares two bodies; `rows` has the value of the earlier body whose rows each stack holds.
  /// - Complexity: O(nodes of both bodies).
  init(_ earlier: Loop, _ rows: [ValueID: ValueID], _ later: Loop) {
    var names: [ValueID: ValueID] = [:]
    var table: [Expression: [ValueID]] = [:]
    for node in earlier.graph.nodeIDs where earlier.graph.op(of: node) != .argument {
      let results = earlier.graph.results(of: node)
      if let first = results.first, earlier.substitutes[first] != nil { continue }
      let operands = earlier.graph.operands(of: node).map { operand in
        let value = earlier.substitutes[operand] ?? operand
        return names[value] ?? value
      }
      let expression = Expression(node, of: earlier.graph, operands)
      if let known = table[expression] {
        for (value, first) in zip(results, known) { names[value] = first }
      } else {
        table[expression] = Array(results)
      }
    }
    equals[later.position] = earlier.position
    for operand in later.sequences {
      if let value = rows[operand.outer] { equals[operand.argument] = names[value] ?? value }
    }
    for operand in later.captured {
      guard let same = earlier.captured.first(where: { $0.outer == operand.outer }) else {
        continue
      }
      equals[operand.argument] = same.argument
    }
    for node in later.graph.nodeIDs where later.graph.op(of: node) != .argument {
      let operands = later.graph.operands(of: node).map { later.substitutes[$0] ?? $0 }
      let mapped = operands.compactMap { equals[$0] }
      guard mapped.count == operands.count,
        let same = table[Expression(node, of: later.graph, mapped)]
      else { continue }
      for (value, original) in zip(later.graph.results(of: node), same) {
        equals[value] = original
      }
    }
  }

  /// The values worth reading from a stack, with their equals: those that what has no equal reads,
  /// and that cannot be had by cheap operations from others that are stored.
  func stored(in later: Loop) -> [(value: ValueID, original: ValueID)] {
    let graph = later.graph
    var isWanted = [Bool](repeating: false, count: graph.valueCount)
    for result in later.results { isWanted[result.index] = true }
    let needed = later.neededNodes()
    for node in graph.nodeIDs where needed[node.index] {
      guard graph.results(of: node).contains(where: { equals[$0] == nil }) else { continue }
      for operand in graph.operands(of: node) { isWanted[operand.index] = true }
    }
    var isAtHand = [Bool](repeating: false, count: graph.valueCount)
    var chosen: [(value: ValueID, original: ValueID)] = []
    for node in graph.nodeIDs where graph.op(of: node) != .argument {
      let isCheap = Self.isCheap(graph.op(of: node))
      let fromOthers =
        isCheap
        && graph.operands(of: node).allSatisfy { operand in
          isAtHand[operand.index] || graph.op(of: operand) == .argument
            || later.substitutes[operand] != nil
        }
      for value in graph.results(of: node) {
        isAtHand[value.index] = fromOthers
        guard let original = equals[value], isWanted[value.index], !fromOthers,
          later.substitutes[value] == nil, needed[node.index], later.canStack(value)
        else { continue }
        isAtHand[value.index] = true
        chosen.append((value, original))
      }
    }
    return chosen
  }

  /// Whether computing again costs no more than reading.
  private static func isCheap(_ op: OpID) -> Bool {
    switch op {
    case .exponential, .exponentialMinusOne, .log, .logPlusOne, .sine, .cosine, .tanh, .logistic,
      .erf, .power:
      false
    case .broadcastInDim, .reshape, .transpose, .slice, .pad, .concatenate, .reverse, .gather,
      .iota, .randomUniform:
      true
    default: op.operation.isHostable
    }
  }
}
