import NetcCore
import NetcGraph

/// A place of an elementwise value in a concatenation that it is computed straight into.
struct JoinedPart: Hashable {
  /// The part, and the concatenated value.
  let value: ValueID
  let whole: ValueID
  /// The axis, and the elements before the part along it.
  let axis: Int
  let start: Int

  /// Places that one value has at most; it is copied to others.
  private static let most = 4

  /// The places by `ValueID.index`; other readers take the value from the first.
  /// - Complexity: O(nodes + operands).
  static func found(_ graph: Graph, _ analysis: GraphAnalysis) -> [Int: [JoinedPart]] {
    var result: [Int: [JoinedPart]] = [:]
    for node in graph.nodeIDs
    where graph.op(of: node) == .concatenate && analysis.isNeeded[node.index] {
      let whole = graph.result(of: node)
      if analysis.source[whole.index] != whole { continue }
      let axis = graph.attributes(of: node).int("axis")
      var start = 0
      for part in analysis.operands(node) {
        if result[part.index]?.count ?? 0 < most, mayLieWithin(graph, part, analysis) {
          result[part.index, default: []].append(
            JoinedPart(value: part, whole: whole, axis: axis, start: start))
        }
        start += analysis.sizes[Int(graph.typeNumber(of: part))][axis]
      }
    }
    return result
  }

  private static func mayLieWithin(
    _ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis
  ) -> Bool {
    let maker = graph.node(of: value)
    guard analysis.mapRule(maker) != nil, !analysis.isRecomputed[maker.index],
      !analysis.isResult[value.index], graph.type(of: value).element != .bool
    else { return false }
    return analysis.users.of(value).allSatisfy { user in
      let user = NodeID(Int(user))
      let op = graph.op(of: user)
      return op == .concatenate || op == .dotGeneral || analysis.mapRule(user) != nil
    }
  }
}

extension Selector {
  /// Memory for a value in a concatenation it is a part of; the first place is where it lies from
  /// now on.
  mutating func allocate(_ part: JoinedPart) -> DraftOperand {
    if locations[part.whole.index] == nil { _ = allocate(part.whole) }
    guard case .view(let view) = location(part.whole) else {
      internalError("plan: concatenated value \(part.whole.index) is not in memory")
    }
    let start = view.start + part.start * view.strides[part.axis]
    if locations[part.value.index] == nil {
      locations[part.value.index] = .view(
        BufferView(buffer: view.buffer, start: start, strides: view.strides))
    }
    joinedParts.insert(part)
    return DraftOperand(buffer: view.buffer, start: start)
  }
}
