import NetcCore
import NetcGraph

/// A graph in which loops compute rows of an earlier loop's stacks again in place of reading them.
struct LateRows {
  private let rows: RecomputedRows
  private let around: LoopSurroundings
  private var transfer: GraphTransfer

  /// The graph with the same nodes, those loops changed.
  /// - Returns: nil where a number would be rounded otherwise.
  /// - Complexity: O(n log n) in the nodes of the graph and of the loops' bodies.
  static func graph(_ rows: RecomputedRows, _ around: LoopSurroundings) -> Graph? {
    let source = around.graph
    guard let forms = rows.unchangedForms(around) else { return nil }
    var late = LateRows(rows: rows, around: around, transfer: GraphTransfer(from: source))
    let readers = Set(rows.readers)
    for node in source.nodeIDs {
      if !readers.contains(node) {
        late.transfer.copy(node)
      } else if !late.rewrite(node, forms) {
        return nil
      }
    }
    return late.transfer.finish()
  }

  private init(rows: RecomputedRows, around: LoopSurroundings, transfer: GraphTransfer) {
    self.rows = rows
    self.around = around
    self.transfer = transfer
  }

  private var source: Graph { around.graph }

  /// Rewrites a loop that reads the rows; false where its numbers would be rounded otherwise.
  private mutating func rewrite(_ node: NodeID, _ forms: RoundingForms) -> Bool {
    let old = around.loop(of: node)
    let gone = Set(rows.dropped.map(\.stack))
    var parts = old.parts
    parts.sequences.removeAll { gone.contains($0) }
    for leaf in rows.leaves { add(leaf.source, to: &parts) }
    let made = body(of: old, parts)
    guard roundsAlike(old, made, forms) else { return false }
    parts.body = GraphBody(made.graph)
    var mapped = parts
    mapped.carried = parts.carried.map { transfer[$0] }
    mapped.sequences = parts.sequences.map { transfer[$0] }
    mapped.captured = parts.captured.map { transfer[$0] }
    transfer.builder.origin = source.origin(of: node)
    let results = transfer.builder.scan(mapped)
    for (value, copy) in zip(source.results(of: node), results) {
      transfer.replace(value, by: copy)
    }
    return true
  }

  /// Whether the nodes of the old body, and those of the loop that stacks the rows, are computed in
  /// the new body as before.
  private func roundsAlike(
    _ old: StackingLoop, _ made: NewBody, _ forms: RoundingForms
  ) -> Bool {
    let wanted = around.wantedResults(of: old)
    guard PlanPreparation.prepared(made.graph).isStructurallyEqual(to: made.graph),
      let before = RoundingForms(old.body, results: wanted, around.bindings),
      let after = RoundingForms(
        made.graph, results: wanted.map { made.old[$0] }, around.bindings)
    else { return false }
    return old.body.nodeIDs.allSatisfy { node in
      old.body.op(of: node) == .argument || !old.body[node].hasResults
        || before.isAlike(
          node, made.graph.node(of: made.old[old.body.result(of: node)]), in: after)
    }
      && rows.nodes.allSatisfy { node in
        guard let value = made.again[rows.loop.body.result(of: node)] else { return false }
        return forms.isAlike(node, made.graph.node(of: value), in: after)
      }
  }

  /// A body with the new places of the old one's values, and of those computed again.
  private struct NewBody {
    let graph: Graph
    let old: GraphTransfer
    let again: [ValueID: ValueID]
  }

  private func add(_ leaf: RowSource, to parts: inout ScanParts<ValueID>) {
    switch leaf {
    case .row(let value): if !parts.sequences.contains(value) { parts.sequences.append(value) }
    case .whole(let value): if !parts.captured.contains(value) { parts.captured.append(value) }
    case .position: break
    case .computed(_, let inner): for part in inner { add(part, to: &parts) }
    }
  }

  /// The body of `old` that reads what `parts` say, and computes the dropped rows first.
  private func body(of old: StackingLoop, _ parts: ScanParts<ValueID>) -> NewBody {
    var body = MergingBody(from: old.body)
    let arguments = appendArguments(parts, of: old, &body)
    func value(of leaf: RowSource) -> ValueID {
      switch leaf {
      case .row(let value):
        if let place = parts.sequences.firstIndex(of: value) {
          return arguments[parts.carried.count + place]
        }
      case .whole(let value):
        if let place = parts.captured.firstIndex(of: value) {
          return arguments[parts.carried.count + parts.sequences.count + place]
        }
      case .position, .computed: break
      }
      return arguments[parts.positionIndex]
    }
    let again = computeAgain(&body, value)
    var dropped: [ValueID: ValueID] = [:]
    for (stack, value) in rows.dropped { dropped[stack] = again[value] }
    for node in old.body.nodeIDs {
      guard let argument = old.argument(of: old.body.result(of: node)) else {
        body.copy(node)
        continue
      }
      let made: ValueID
      switch argument {
      case .carried(let place): made = arguments[place]
      case .sequence(let stack): made = dropped[stack] ?? value(of: .row(stack))
      case .captured(let outer): made = value(of: .whole(outer))
      case .position: made = value(of: .position)
      }
      body.transfer.replace(old.body.result(of: node), by: made)
    }
    return NewBody(graph: body.transfer.finish(), old: body.transfer, again: again)
  }

  /// The arguments of the new body, the number of the turn only where it is read: it is counted in
  /// memory.
  private func appendArguments(
    _ parts: ScanParts<ValueID>, of old: StackingLoop, _ body: inout MergingBody
  ) -> [ValueID] {
    var types = parts.operands.map { source.type(of: $0) }
    for place in parts.sequences.indices {
      types[parts.carried.count + place].shape.dims.removeFirst()
    }
    if old.readsPosition || rows.leaves.contains(where: { $0.source.isPosition }) {
      types.append(TensorType(.int, .scalar))
    }
    return types.enumerated().map { body.transfer.builder.argument($0, $1) }
  }

  /// The values of the loop's body that are computed again, by what they are there.
  private func computeAgain(
    _ body: inout MergingBody, _ argument: (RowSource) -> ValueID
  ) -> [ValueID: ValueID] {
    let loop = rows.loop.body
    var made: [ValueID: ValueID] = [:]
    for leaf in rows.leaves {
      made[leaf.value] = leaf.source.emit(source, &body, argument)
    }
    for node in rows.nodes {
      let operands = loop.operands(of: node).compactMap { made[$0] }
      made[loop.result(of: node)] = body.append(
        loop.op(of: node), operands, loop.attributes(of: node), origin: loop.origin(of: node))
    }
    return made
  }
}
