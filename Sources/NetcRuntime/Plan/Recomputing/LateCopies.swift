import NetcGraph

/// A graph in which what comes after the peak reads copies of values, computed there again.
struct LateCopies {
  private(set) var graph: Graph
  /// For each node, the node before which it must not be computed.
  private(set) var fences: [Int] = []

  private var transfer: GraphTransfer
  /// By `NodeID.index`: what is computed again where it is read later.
  private var isAgain: [Bool]
  private var isDone: [Bool]

  /// - Parameter chains: what is computed again, none of which begins with another's value.
  /// - Complexity: O(nodes + operands).
  init(_ attempt: PlanAttempt, _ kept: KeptValues, _ chains: [RecomputedChain]) {
    let source = attempt.graph
    graph = source
    transfer = GraphTransfer(from: source)
    isAgain = Array(repeating: false, count: source.nodeCount)
    isDone = isAgain
    for chain in chains { for node in chain.nodes { isAgain[node.index] = true } }
    markDependents(source, kept)
    copy(source, attempt.fences, split: kept.split)
    graph = transfer.finish()
  }

  /// What has no memory of its own and is computed from a dropped value where it is read.
  private mutating func markDependents(_ source: Graph, _ kept: KeptValues) {
    for node in source.nodeIDs.prefix(kept.split.index + 1) where !isAgain[node.index] {
      let operands = source.operands(of: node)
      guard !operands.isEmpty, source[node].hasOneResult, kept[source.result(of: node)] == nil
      else { continue }
      isAgain[node.index] = operands.contains { isAgain[source.node(of: $0).index] }
    }
  }

  private mutating func copy(_ source: Graph, _ old: [Int], split: NodeID) {
    var places: [Int] = []
    places.reserveCapacity(source.nodeCount)
    var fence = 0
    for node in source.nodeIDs {
      if node.index == split.index + 1 { fence = transfer.builder.graph.nodeCount }
      if node > split {
        for operand in source.operands(of: node) where isMissing(source.node(of: operand)) {
          computeAgain(source.node(of: operand), source, fence)
        }
      }
      places.append(transfer.builder.graph.nodeCount)
      transfer.copy(node)
      fences.append(places[old[node.index]])
    }
  }

  private func isMissing(_ node: NodeID) -> Bool { isAgain[node.index] && !isDone[node.index] }

  /// Copies a node after what it is computed from and must be computed again too.
  private mutating func computeAgain(_ node: NodeID, _ source: Graph, _ fence: Int) {
    var found: [NodeID] = []
    var work = [node]
    while let next = work.popLast() {
      guard isMissing(next) else { continue }
      isDone[next.index] = true
      found.append(next)
      work += source.operands(of: next).map { source.node(of: $0) }
    }
    for node in found.sorted() {
      transfer.copy(node)
      fences.append(fence)
    }
  }
}
