import NetcCore
import NetcGraph

/// The place of an elementwise value in a concatenation that it is computed straight into.
struct JoinedPart {
  /// The concatenated value.
  let whole: ValueID
  /// The axis, and the elements before the part along it.
  let axis: Int
  let start: Int

  /// Such values by `ValueID.index`. A value lies in one concatenation; its other readers take it
  /// from there.
  /// - Complexity: O(nodes + operands).
  static func found(_ graph: Graph, _ analysis: GraphAnalysis) -> [Int: JoinedPart] {
    var result: [Int: JoinedPart] = [:]
    for node in graph.nodeIDs
    where graph.op(of: node) == .concatenate && analysis.isNeeded[node.index] {
      let whole = graph.result(of: node)
      if analysis.source[whole.index] != whole { continue }
      let axis = graph.attributes(of: node).int("axis")
      var start = 0
      for part in analysis.operands(graph, node) {
        if result[part.index] == nil, mayLieWithin(graph, part, analysis) {
          result[part.index] = JoinedPart(whole: whole, axis: axis, start: start)
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
  /// The strides of a value that lies in a concatenation.
  func joinedStrides(_ value: ValueID) -> [Int]? {
    analysis.joined[value.index].map { MapBuilder.denseStrides(shape($0.whole)) }
  }

  /// Memory for a value: its own, or its place in the concatenation it is a part of.
  mutating func allocatePart(_ value: ValueID) -> DraftOperand {
    guard let part = analysis.joined[value.index] else { return allocate(value) }
    if locations[part.whole.index] == nil { _ = allocate(part.whole) }
    guard case .view(let view) = location(part.whole) else {
      internalError("plan: concatenated value \(part.whole.index) is not in memory")
    }
    let start = view.start + part.start * view.strides[part.axis]
    locations[value.index] = .view(
      BufferView(buffer: view.buffer, start: start, strides: view.strides))
    return DraftOperand(buffer: view.buffer, start: start)
  }
}
