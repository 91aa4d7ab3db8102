import NetcCore
import NetcGraph

/// What is computed again so that a value need not be kept: the nodes from values that are at hand.
struct RecomputedChain {
  /// The value that is dropped.
  let value: ValueID
  /// The nodes computed again.
  private(set) var nodes: Set<NodeID> = []
  /// The values in memory they begin with.
  private(set) var leaves: Set<ValueID> = []
  /// Bytes the peak loses: the value's, less those of values kept longer for it.
  private(set) var saved: Int
  /// What computing it again costs, about in numbers read and written.
  private(set) var cost = 0.0

  /// What may be computed again.
  enum Reach {
    /// All but products.
    case cheap
    /// Products too.
    case products
  }

  /// Numbers moved in the time of a product's multiply-add.
  private static let multiplyAdd = 0.05
  private static let mostNodes = 96
  private static let products: OperationSet = [
    .dotGeneral, .convolution, .windowSum, .windowArgmax,
  ]
  private static let never: OperationSet = [
    .scan, .grad, .scatterAdd, .argsort, .cumsum, .argument, .input, .parameter, .state,
  ]
  /// What adds up, or may: its result depends on the order of the numbers it reads.
  static let sums: OperationSet = [.reduceSum, .reduceMax, .composite]

  /// - Returns: nil when the value cannot be computed again, or nothing would be gained.
  /// - Complexity: O(nodes of the chain).
  init?(
    of value: ValueID, _ graph: Graph, _ kept: KeptValues, _ bindings: DimBindings, _ reach: Reach
  ) {
    self.value = value
    saved = kept[value]?.bytes ?? 0
    var work = [value]
    while let next = work.popLast() {
      let node = graph.node(of: next)
      guard !nodes.contains(node) else { continue }
      guard Self.allows(graph, node, reach), nodes.count < Self.mostNodes else { return nil }
      nodes.insert(node)
      cost += Self.cost(graph, node, bindings)
      for operand in graph.operands(of: node) {
        switch origin(of: operand, for: node, graph, kept, reach) {
        case .constant: break
        case .kept: leaves.insert(operand)
        case .keptLonger:
          if leaves.insert(operand).inserted { saved -= kept[operand]?.bytes ?? 0 }
        case .computed: work.append(operand)
        }
      }
    }
    if saved <= 0 { return nil }
  }

  /// Bytes gained for each number moved.
  var gain: Double { Double(saved) / (cost + 1) }

  private enum Source {
    case constant, kept, keptLonger, computed
  }

  private func origin(
    of operand: ValueID, for node: NodeID, _ graph: Graph, _ kept: KeptValues, _ reach: Reach
  ) -> Source {
    let maker = graph.node(of: operand)
    guard let span = kept[operand] else {
      let isLeaf = graph.operands(of: maker).isEmpty && graph.op(of: maker) != .randomUniform
      return isLeaf ? .constant : .computed
    }
    if kept.isAtHandLater(operand) { return .kept }
    // A sum over numbers in memory has another order than one over numbers as they are computed.
    let isSmall = 8 * span.bytes <= (kept[value]?.bytes ?? 0)
    let mayCompute = Self.allows(graph, maker, reach) && !Self.sums.contains(graph.op(of: node))
    return isSmall || !mayCompute ? .keptLonger : .computed
  }

  /// Whether a node may be computed again.
  static func allows(_ graph: Graph, _ node: NodeID, _ reach: Reach) -> Bool {
    let op = graph.op(of: node)
    guard graph[node].hasOneResult, !never.contains(op) else { return false }
    return reach == .products || !products.contains(op)
  }

  /// What a node costs, about in numbers read and written.
  static func cost(_ graph: Graph, _ node: NodeID, _ bindings: DimBindings) -> Double {
    func count(_ value: ValueID) -> Double {
      Double(graph.type(of: value).shape.count.value(bindings) ?? 0)
    }
    let moved = graph.operands(of: node).reduce(count(graph.result(of: node))) { $0 + count($1) }
    let work = graph.multiplyAdds(of: node).value(bindings) ?? 0
    return moved + multiplyAdd * Double(work)
  }
}
