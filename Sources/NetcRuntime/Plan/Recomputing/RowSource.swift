import NetcCore
import NetcGraph

/// How a turn of a loop comes by a value.
indirect enum RowSource {
  /// The row of a value outside at the turn.
  case row(ValueID)
  /// A value outside, the same in all turns.
  case whole(ValueID)
  /// The number of the turn.
  case position
  /// What a node outside does for all turns, done for one.
  case computed(NodeID, [RowSource])

  /// Whether it is the number of the turn.
  var isPosition: Bool {
    if case .position = self { true } else { false }
  }

  /// The values outside that it reads.
  var leaves: [ValueID] {
    switch self {
    case .row(let value), .whole(let value): [value]
    case .position: []
    case .computed(_, let parts): parts.flatMap(\.leaves)
    }
  }

  /// The nodes outside that are done again, one turn at a time.
  var nodes: [NodeID] {
    guard case .computed(let node, let parts) = self else { return [] }
    return [node] + parts.flatMap(\.nodes)
  }
}

extension LoopSurroundings {
  /// How deep the expression of a row may be nested.
  private static let deepest = 6

  /// How a turn late in the step comes by the row of a stack: computed from what is at hand where
  /// that takes less memory than keeping the stack.
  func source(ofRowsOf stack: ValueID) -> RowSource {
    let kept = RowSource.row(stack)
    let bytes = bytesKeptLonger(stack)
    if bytes == 0 { return kept }
    let computed = computedRow(of: stack, depth: 0)
    let others = computed.leaves.reduce(0) { $0 + bytesKeptLonger($1) }
    return others < bytes ? computed : kept
  }

  private func computedRow(of stack: ValueID, depth: Int) -> RowSource {
    let node = graph.node(of: stack)
    let operands = Array(graph.operands(of: node))
    guard bytesKeptLonger(stack) > 0, depth < Self.deepest, !operands.isEmpty,
      graph[node].hasOneResult, operands.allSatisfy({ !bonds.mayJoin($0, node) })
    else { return .row(stack) }
    func rows(_ value: ValueID) -> RowSource { computedRow(of: value, depth: depth + 1) }
    let length = graph.type(of: stack).shape.dims.first
    switch graph.op(of: node) {
    case .broadcastInDim:
      if graph.attributes(of: node).ints("axes").first != 0 {
        return .computed(node, [.whole(operands[0])])
      }
      let isStacked = graph.type(of: operands[0]).shape.dims.first == length
      return isStacked ? .computed(node, [rows(operands[0])]) : .row(stack)
    case .gather:
      let attributes = graph.attributes(of: node)
      guard attributes.int("axis") == 0, attributes.int("batch_dims") == 0,
        graph.type(of: operands[1]).shape.dims.first == length
      else { return .row(stack) }
      return .computed(node, [.whole(operands[0]), rows(operands[1])])
    default:
      let shape = graph.type(of: stack).shape
      guard graph.op(of: node).operation.isHostable,
        operands.allSatisfy({ graph.type(of: $0).shape == shape })
      else { return .row(stack) }
      return .computed(node, operands.map(rows))
    }
  }
}

extension RowSource {
  /// Appends to a loop's body what computes the row, the leaves standing for what `argument` says.
  func emit(
    _ outside: Graph, _ body: inout MergingBody, _ argument: (RowSource) -> ValueID
  ) -> ValueID {
    guard case .computed(let node, let parts) = self else { return argument(self) }
    var operands: [ValueID] = []
    for part in parts { operands.append(part.emit(outside, &body, argument)) }
    var attributes = outside.attributes(of: node)
    if outside.op(of: node) == .broadcastInDim {
      attributes["axes"] = .ints(attributes.ints("axes").filter { $0 > 0 }.map { $0 - 1 })
      attributes["shape"] = .dims(Array(attributes.dims("shape").dropFirst()))
    }
    return body.append(
      outside.op(of: node), operands, attributes, origin: outside.origin(of: node))
  }
}
