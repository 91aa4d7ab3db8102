import NetcCore
import NetcGraph

/// Which values are computed again in each program that reads them instead of being stored: a few
/// cheap operations on one value in memory, which is then read in their place, and on small ones.
struct Recomputation {
  /// By `NodeID.index`.
  private(set) var isRecomputed: [Bool]
  /// The operations of each such value, and the one large value in memory that it reads, if any.
  private var size: [Int: Int] = [:]
  private var base: [Int: ValueID] = [:]

  private static let mostOperations = 3
  private static let cheap: OperationSet = [.add, .subtract, .multiply, .negate]

  /// - Complexity: O(nodes + operands).
  init(_ graph: Graph, _ analysis: GraphAnalysis) {
    isRecomputed = Array(repeating: false, count: graph.nodeCount)
    for node in graph.nodeIDs where analysis.mapRule(node) != nil {
      isRecomputed[node.index] = pays(graph, node, analysis)
    }
  }

  private mutating func pays(_ graph: Graph, _ node: NodeID, _ analysis: GraphAnalysis) -> Bool {
    let value = graph.result(of: node)
    guard Self.cheap.contains(graph.op(of: node)), graph.type(of: value).element == .float,
      !analysis.isResult[value.index]
    else { return false }
    let sizes = graph.typeNumber(of: value)
    let users = analysis.users.of(value)
    let mayRecompute =
      users.count > 1
      && users.allSatisfy { user in
        let user = NodeID(Int(user))
        return analysis.fusedSums[user.index] != nil
          || (analysis.mapRule(user) != nil
            && analysis.sizes[Int(graph.typeNumber(of: graph.result(of: user)))]
              == analysis.sizes[Int(sizes)])
      }
    if !mayRecompute { return false }
    var operations = 1
    var large: ValueID?
    for operand in analysis.operands(node) where !analysis.isFree[operand.index] {
      let maker = graph.node(of: operand)
      operations += size[maker.index] ?? 0
      guard let read = isRecomputed[maker.index] ? base[maker.index] : operand else { continue }
      if isSmall(graph, read, analysis) { continue }
      if large == nil { large = read }
      if large != read { return false }
    }
    guard operations <= Self.mostOperations, let large else { return false }
    size[node.index] = operations
    base[node.index] = large
    return true
  }

  /// Whether a value repeats a much smaller one.
  private func isSmall(_ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis) -> Bool {
    guard graph.op(of: value) == .broadcastInDim else { return false }
    let source = analysis.operands(graph.node(of: value))[0]
    func count(_ value: ValueID) -> Int {
      analysis.sizes[Int(graph.typeNumber(of: value))].reduce(1, *)
    }
    return count(source) * 4 <= count(value)
  }
}
