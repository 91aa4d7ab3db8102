import NetcCore
import NetcGraph

/// A factor of a later value, as an activation's derivative is of its adjoint, that is computed
/// where its operands are: it alone is kept in memory in place of several of them.
struct EarlyFactor {
  /// The operations that make it of large values, itself among them, by `NodeID.index`.
  private var inside: [Int] = []
  /// The large values it is made of.
  private var leaves: [ValueID] = []

  /// The most operations of a factor.
  private static let mostOperations = 16

  /// - Returns: nil where the node is no such factor: what it is made of is needed later all the
  ///   same, is one value only, or the other factor is there as early.
  init?(_ graph: borrowing Graph, _ node: NodeID, _ analysis: borrowing GraphAnalysis) {
    let value = graph.result(of: node)
    let users = analysis.users.of(value)
    guard analysis.mapRule(node) != nil, !analysis.isRecomputed[node.index], users.count == 1,
      let user = users.first.map({ NodeID(Int($0)) }), graph.op(of: user) == .multiply,
      analysis.mapRule(user) != nil, !analysis.isResult[value.index],
      let other = analysis.operands(user).first(where: { $0 != value }),
      !analysis.isFree[other.index], collect(graph, node, analysis), leaves.count > 1,
      let last = lastReader(graph, analysis), graph.node(of: other).index > last
    else { return nil }
  }

  /// Follows the operands up to values that others read too, later ones first, so that all readers
  /// of a value have been seen before it; false where they are not as large or too many.
  private mutating func collect(
    _ graph: Graph, _ node: NodeID, _ analysis: GraphAnalysis
  ) -> Bool {
    let sizes = analysis.sizes[Int(graph.typeNumber(of: graph.result(of: node)))]
    var left = [node.index]
    while let index = left.max() {
      left.removeAll { $0 == index }
      let maker = NodeID(index)
      let value = graph.result(of: maker)
      let isOwn =
        analysis.mapRule(maker) != nil && !analysis.isResult[value.index]
        && (index == node.index || analysis.users.of(value).allSatisfy { inside.contains(Int($0)) })
      guard graph.type(of: value).element == .float,
        analysis.sizes[Int(graph.typeNumber(of: value))] == sizes
      else { return false }
      if !isOwn {
        leaves.append(value)
        continue
      }
      inside.append(index)
      if inside.count > EarlyFactor.mostOperations { return false }
      for operand in analysis.operands(maker) where !analysis.isFree[operand.index] {
        left.append(graph.node(of: operand).index)
      }
    }
    return true
  }

  /// The last node that makes or else reads what the factor is made of; nil where that is kept in
  /// memory for others than map programs.
  private func lastReader(_ graph: Graph, _ analysis: GraphAnalysis) -> Int? {
    var last = 0
    for leaf in leaves {
      last = max(last, graph.node(of: leaf).index)
      if analysis.isResult[leaf.index] { return nil }
      for user in analysis.users.of(leaf) where !inside.contains(Int(user)) {
        let user = NodeID(Int(user))
        if analysis.mapRule(user) == nil || analysis.isRecomputed[user.index] { return nil }
        last = max(last, user.index)
      }
    }
    return last
  }
}
