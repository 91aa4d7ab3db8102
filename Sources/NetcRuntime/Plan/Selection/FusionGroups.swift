import NetcCore
import NetcGraph

/// Which elementwise nodes share a map program: a node joins its users' group when all its users
/// are in one.
///
/// A group is emitted at its root, its last node; everything it reads is earlier. A member is
/// written to memory only when it is a wanted result.
struct FusionGroups {
  /// The root of each node's group, by `NodeID.index`; nil for nodes that are not elementwise.
  private(set) var root: [Int?]
  /// Node visits, for tests of the cost.
  private(set) var visits = 0

  private struct Group {
    var inputs: [ValueID]
    var outputs: Int
    var nodes = 1
    var scalars: Int
    let sizes: UInt32
  }

  private var groups: [Int: Group] = [:]
  private var next: [Int?]
  private let graph: Graph
  private let analysis: GraphAnalysis

  /// What fits one instruction with certainty.
  private static let mostOperands = 8
  private static let mostNodes = 56
  private static let mostScalars = 20

  /// - Complexity: O(nodes + operands).
  init(_ graph: Graph, _ analysis: GraphAnalysis) {
    self.graph = graph
    self.analysis = analysis
    root = Array(repeating: nil, count: graph.nodeCount)
    next = Array(repeating: nil, count: graph.nodeCount)
    let users = analysis.users
    for node in graph.nodeIDs.reversed() where analysis.mapRule(node) != nil {
      visits += 1
      if let group = commonGroup(users.of(graph.result(of: node))), join(node, group) { continue }
      start(node)
    }
  }

  /// The nodes of the group with that root, ascending; the root is the last.
  func members(_ root: NodeID) -> [NodeID] {
    var result: [NodeID] = []
    var place: Int? = head[root.index] ?? root.index
    while let index = place {
      result.append(NodeID(index))
      place = next[index]
    }
    return result
  }

  /// Whether a node is computed inside the program of a later one.
  func isInner(_ node: NodeID) -> Bool { root[node.index].map { $0 != node.index } ?? false }

  private var head: [Int: Int] = [:]

  private func commonGroup(_ users: ArraySlice<UInt32>) -> Int? {
    guard let first = users.first, let group = root[Int(first)] else { return nil }
    return users.allSatisfy { root[Int($0)] == group } ? group : nil
  }

  private mutating func start(_ node: NodeID) {
    let (inputs, scalars) = reads(node)
    root[node.index] = node.index
    head[node.index] = node.index
    groups[node.index] = Group(
      inputs: inputs, outputs: 1, scalars: scalars,
      sizes: graph.typeNumber(of: graph.result(of: node)))
  }

  private mutating func join(_ node: NodeID, _ place: Int) -> Bool {
    guard var group = groups[place] else { return false }
    let value = graph.result(of: node)
    let sizes = analysis.sizes
    guard sizes[Int(group.sizes)] == sizes[Int(graph.typeNumber(of: value))] else { return false }
    let (inputs, scalars) = reads(node)
    group.inputs.removeAll { $0 == value }
    for input in inputs where !group.inputs.contains(input) { group.inputs.append(input) }
    if analysis.isResult[value.index] { group.outputs += 1 }
    group.nodes += 1
    group.scalars += scalars
    guard group.inputs.count + group.outputs <= FusionGroups.mostOperands,
      group.nodes <= FusionGroups.mostNodes, group.scalars <= FusionGroups.mostScalars
    else { return false }
    groups[place] = group
    root[node.index] = place
    next[node.index] = head[place]
    head[place] = node.index
    return true
  }

  /// The values in memory that a node reads, and how many scalars.
  private func reads(_ node: NodeID) -> (inputs: [ValueID], scalars: Int) {
    var inputs: [ValueID] = []
    var scalars = 0
    for operand in graph.operands(of: node) {
      let value = analysis.source[operand.index]
      if analysis.isFree[value.index] {
        scalars += 2
      } else if !inputs.contains(value) {
        inputs.append(value)
      }
    }
    return (inputs, scalars)
  }
}
