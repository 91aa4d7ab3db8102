import NetcCore
import NetcGraph

extension Pass {
  /// Lets what else asks where a rectifier's input is negative ask its result.
  package static let maskFromResult = Pass(
    name: "masks-from-results",
    summary: """
      reads the mask of where(x <= 0, 0, x) off the result wherever else it is used, so that x \
      need not be kept; keeps bits
      """,
    keeps: .bits, isIdempotent: true
  ) { graph in
    let rectifiers = graph.rectifiers()
    if rectifiers.isEmpty { return nil }
    let uses = graph.uses(of: Set(rectifiers.values))
    var transfer = GraphTransfer(from: graph)
    var masks: [ValueID: ValueID] = [:]
    for node in graph.nodeIDs {
      let operands = Array(graph.operands(of: node))
      let isOther = rectifiers[node] == nil && operands.contains { masks[$0] != nil }
      if isOther, graph[node].hasOneResult {
        transfer.builder.origin = graph.origin(of: node)
        let moved = operands.map { masks[$0] ?? transfer[$0] }
        let made = transfer.builder.emit(graph.op(of: node), moved, graph.attributes(of: node))
        transfer.replace(graph.result(of: node), by: made)
      } else {
        transfer.copy(node)
      }
      guard let mask = rectifiers[node], masks[mask] == nil, uses[mask, default: 0] > 1 else {
        continue
      }
      let sides = Array(graph.operands(of: graph.node(of: mask)))
      transfer.builder.origin = graph.origin(of: node)
      masks[mask] = transfer.builder.compare(
        .le, transfer[graph.result(of: node)], transfer[sides[1]])
    }
    return transfer.finish()
  }
}

extension Graph {
  /// The nodes where(x <= 0, 0, x) with their masks.
  fileprivate func rectifiers() -> [NodeID: ValueID] {
    var result: [NodeID: ValueID] = [:]
    guard operations.contains(.select), !operations.contains(.grad) else { return result }
    PassMeter.add(nodeCount)
    for node in nodeIDs where op(of: node) == .select {
      let parts = Array(operands(of: node))
      guard op(of: parts[0]) == .compare else { continue }
      let comparison = self.node(of: parts[0])
      let sides = Array(operands(of: comparison))
      guard attributes(of: comparison).text("direction") == ComparisonDirection.le.rawValue,
        sides[0] == parts[2], isZero(sides[1]), isZero(parts[1])
      else { continue }
      result[node] = parts[0]
    }
    return result
  }

  /// How many operands are each of some values.
  fileprivate func uses(of values: Set<ValueID>) -> [ValueID: Int] {
    var result: [ValueID: Int] = [:]
    for node in nodeIDs {
      for operand in operands(of: node) where values.contains(operand) {
        result[operand, default: 0] += 1
      }
    }
    return result
  }

  /// Whether a value is 0 throughout.
  private func isZero(_ value: ValueID) -> Bool {
    let node = node(of: value)
    switch op(of: value) {
    case .constant: return attributes(of: node).numbers("values").allSatisfy { $0 == 0 }
    case .broadcastInDim: return operands(of: node).first.map { isZero($0) } ?? false
    default: return false
    }
  }
}
