import CNetc
import NetcCore
import NetcGraph

/// Which nodes share an instruction.
///
/// An elementwise node first joins its users' map program when all its users are in one, but for
/// factors that are computed earlier; everything such a chain reads precedes its last node. Then
/// chains over one index space that pass values on or read the same memory become one program with
/// several outputs, and so does a cross-entropy with its adjoint. Every edge between groups leads
/// to a higher level, so there are no cycles.
struct FusionGroups {
  /// The groups in an order that respects their operands, each with its nodes, ascending.
  private(set) var order = NodeLists()
  /// Node visits, for tests of the cost.
  private(set) var visits = 0

  private struct Group {
    var inputs: [ValueID]
    var outputs: Int
    var nodes: Int
    var scalars: Int
    let sizes: UInt32
    /// Whether it gives the new value of a persistent tensor, written after all its readers.
    let isUpdate: Bool
    /// The length of the rows of its sums, if it takes any.
    var length: Int?

    /// Whether it fits one instruction with certainty.
    var fits: Bool {
      inputs.count + outputs <= FusionGroups.mostOperands && nodes <= FusionGroups.mostNodes
        && scalars <= FusionGroups.mostScalars
    }
  }

  private var groups: [Group] = []
  /// The number of each chain's group, by its root; -1 for other nodes.
  private var number: [Int32]
  /// The root of each node's chain, by `NodeID.index`; -1 for nodes that are not elementwise.
  private var root: [Int32]
  /// The next node of each node's chain, or -1.
  private var next: [Int32]
  /// The first node of each chain, by its root.
  private var head: [Int32]
  private let reads: NodeReads
  private let graph: Graph
  private let analysis: GraphAnalysis

  /// What fits one instruction with certainty.
  private static let mostOperands = Int(NETC_MAP_OPERANDS)
  private static let mostNodes = 56
  private static let mostScalars = 20

  /// - Complexity: O(nodes + operands).
  init(_ graph: Graph, _ analysis: GraphAnalysis) {
    self.graph = graph
    self.analysis = analysis
    reads = NodeReads(graph, analysis)
    root = Array(repeating: -1, count: graph.nodeCount)
    next = root
    number = root
    head = Array(0..<Int32(graph.nodeCount))
    for node in graph.nodeIDs.reversed()
    where analysis.mapRule(node) != nil || analysis.isFusedSum[node.index] {
      visits += 1
      if analysis.isRecomputed[node.index] || analysis.isAbsorbed[node.index] { continue }
      if analysis.mapRule(node) != nil, EarlyFactor(graph, node, analysis) == nil,
        let group = commonGroup(graph.result(of: node)), join(node, group)
      {
        continue
      }
      start(node)
    }
    join()
    sort()
  }

  /// The nodes of a chain, ascending; its root is the last.
  private struct Members: Sequence, IteratorProtocol {
    let following: [Int32]
    var place: Int32

    mutating func next() -> NodeID? {
      guard place >= 0 else { return nil }
      defer { place = following[Int(place)] }
      return NodeID(Int(place))
    }
  }

  /// The nodes of the chain with that root.
  private func members(_ root: Int) -> Members { Members(following: next, place: head[root]) }

  private func group(_ root: Int) -> Group? {
    number[root] < 0 ? nil : groups[Int(number[root])]
  }

  /// The group that all readers of a value are in.
  private func commonGroup(_ value: ValueID) -> Int? {
    var group: Int32 = -1
    let root = root
    let isCommon = analysis.readers(graph, of: value) { reader in
      if group < 0 { group = root[reader] }
      return group >= 0 && root[reader] == group
    }
    return isCommon && group >= 0 ? Int(group) : nil
  }

  private mutating func start(_ node: NodeID) {
    let value = graph.result(of: node)
    let sum = analysis.isFusedSum[node.index] ? analysis.fusedSums[node.index] : nil
    let space = sum == nil ? value : analysis.operands(node)[0]
    root[node.index] = Int32(node.index)
    number[node.index] = Int32(truncatingIfNeeded: groups.count)
    groups.append(
      Group(
        inputs: Array(reads.inputs(node)), outputs: analysis.places(of: value),
        nodes: reads.nodes(node), scalars: reads.scalars(node), sizes: graph.typeNumber(of: space),
        isUpdate: analysis.isUpdate[value.index], length: sum?.length))
  }

  private mutating func join(_ node: NodeID, _ place: Int) -> Bool {
    guard var group = group(place) else { return false }
    let value = graph.result(of: node)
    let sizes = analysis.sizes
    guard sizes[Int(group.sizes)] == sizes[Int(graph.typeNumber(of: value))] else { return false }
    group.inputs.removeAll { $0 == value }
    for input in reads.inputs(node) where !group.inputs.contains(input) {
      group.inputs.append(input)
    }
    if analysis.isResult[value.index] { group.outputs += analysis.places(of: value) }
    group.nodes += reads.nodes(node)
    group.scalars += reads.scalars(node)
    guard group.fits else { return false }
    groups[Int(number[place])] = group
    root[node.index] = Int32(place)
    next[node.index] = head[place]
    head[place] = Int32(node.index)
    return true
  }

  // MARK: Joining chains

  /// The group of each node: the first chain's root.
  private var unit: [Int32] = []
  /// The nodes of groups of several chains or a pair.
  private var joined: [Int: [NodeID]] = [:]
  private var level: [Int32] = []
  /// The last group that reads a value, by `ValueID.index`.
  private var reader: [Int32] = []
  /// The groups that the chain or node looked at reads from, but itself.
  private var sources: [Source] = []

  private mutating func join() {
    unit = root.indices.map { root[$0] < 0 ? Int32($0) : root[$0] }
    level = Array(repeating: 0, count: graph.nodeCount)
    reader = Array(repeating: -1, count: graph.valueCount)
    for (first, members) in analysis.normMembers {
      for member in members { unit[member.index] = Int32(first) }
      joined[first] = members
    }
    var halves: [CrossEntropyPair.Key: Int] = [:]
    for node in graph.nodeIDs where isUnit(node) {
      visits += 1
      findSources(of: node)
      if root[node.index] >= 0 {
        joinChain(node.index)
      } else if let half = CrossEntropyPair.half(graph, node, analysis) {
        if half.isAdjoint, let first = halves[half.key], mayJoin(first) {
          unit[node.index] = Int32(first)
          joined[first] = [NodeID(first), node]
          halves[half.key] = nil
          continue
        }
        if !half.isAdjoint { halves[half.key] = node.index }
        level[node.index] = levelAfterSources
      } else {
        level[node.index] = levelAfterSources
      }
    }
  }

  /// Whether a node is the first of a group, or alone.
  private func isUnit(_ node: NodeID) -> Bool {
    analysis.isNeeded[node.index] && unit[node.index] == Int32(node.index)
      && !analysis.isRecomputed[node.index] && !analysis.isFree[graph.result(of: node).index]
  }

  /// A group that something reads from; what follows its sums cannot be a part of it.
  private struct Source: Equatable {
    let group: Int
    let isSum: Bool
  }

  private mutating func findSources(of node: NodeID) {
    sources.removeAll(keepingCapacity: true)
    if root[node.index] >= 0 {
      for member in members(node.index) { addSources(of: member, but: node.index) }
    } else if let members = analysis.normMembers[node.index] {
      for member in members { addSources(of: member, but: node.index) }
    } else {
      addSources(of: node, but: node.index)
    }
  }

  private mutating func addSources(of node: NodeID, but own: Int) {
    for value in reads.inputs(node) {
      let maker = graph.node(of: value)
      let source = Source(
        group: Int(unit[maker.index]), isSum: analysis.isFusedSum[maker.index])
      if source.group != own, sources.last != source { sources.append(source) }
    }
  }

  private var levelAfterSources: Int32 { sources.reduce(0) { max($0, level[$1.group] + 1) } }

  /// Whether what reads the sources may be a part of one: all others come before it.
  private func mayJoin(_ group: Int) -> Bool {
    sources.allSatisfy { source in
      (source.group == group && !source.isSum) || level[source.group] < level[group]
    }
  }

  private mutating func joinChain(_ chain: Int) {
    guard let own = group(chain) else { return }
    let sizes = analysis.sizes[Int(own.sizes)]
    let siblings = own.inputs
      .filter { analysis.sizes[Int(graph.typeNumber(of: $0))] == sizes }
      .map { Int(reader[$0.index]) }
    for place in sources.map(\.group) + siblings where place >= 0 && root[place] >= 0 {
      guard mayJoin(place), let group = merged(place, chain, own) else { continue }
      groups[Int(number[place])] = group
      for member in members(chain) { unit[member.index] = Int32(place) }
      joined[place] = (joined[place] ?? Array(members(place))) + members(chain)
      note(place, own.inputs)
      return
    }
    level[chain] = levelAfterSources
    note(chain, own.inputs)
  }

  private mutating func note(_ group: Int, _ inputs: [ValueID]) {
    for input in inputs { reader[input.index] = Int32(group) }
  }

  /// A group with a chain added, if it fits.
  private func merged(_ place: Int, _ chain: Int, _ own: Group) -> Group? {
    guard var group = group(place), group.isUpdate == own.isUpdate,
      members(chain).allSatisfy({ analysis.fences[$0.index] <= place }),
      analysis.sizes[Int(group.sizes)] == analysis.sizes[Int(own.sizes)]
    else { return nil }
    let nodes = (joined[place] ?? Array(members(place))) + members(chain)
    if let length = group.length, let other = own.length, length != other { return nil }
    group.length = group.length ?? own.length
    let inside = Set(nodes.map(\.index))
    for input in own.inputs
    where !inside.contains(graph.node(of: input).index) && !group.inputs.contains(input) {
      group.inputs.append(input)
    }
    group.outputs = 0
    for node in nodes {
      let value = graph.result(of: node)
      let isStored =
        analysis.isResult[value.index] || analysis.isFusedSum[node.index]
        || !analysis.readers(graph, of: value) { inside.contains($0) }
      if isStored { group.outputs += analysis.places(of: value) }
    }
    group.nodes += own.nodes
    group.scalars += own.scalars
    return group.fits ? group : nil
  }

  // MARK: Order

  /// Orders the groups by their last nodes as far as what they read allows.
  private mutating func sort() {
    var places = Array(repeating: Int32(-1), count: graph.nodeCount)
    var groups = NodeLists()
    groups.reserveCapacity(graph.nodeCount)
    for node in graph.nodeIDs where isUnit(node) {
      let place = groups.indices.count
      if let nodes = joined[node.index] {
        groups.append(nodes.sorted())
      } else {
        groups.append(members(node.index))
      }
      for member in groups[place] { places[member.index] = Int32(place) }
    }
    let edges = GroupEdges(count: groups.indices.count, pairs: pairs(places, groups))
    var unfinished = edges.unfinished
    var ready = Heap()
    // A group's last node leads back to it.
    for place in groups.indices where unfinished[place] == 0 {
      ready.push(groups[place].last?.index ?? 0)
    }
    order.reserveCapacity(graph.nodeCount)
    while let last = ready.pop() {
      let place = Int(places[last])
      visits += 1
      order.append(groups[place])
      for user in edges.users(place) {
        unfinished[Int(user)] -= 1
        if unfinished[Int(user)] == 0 { ready.push(groups[Int(user)].last?.index ?? 0) }
      }
    }
  }

  /// Which group reads which, once for each value read.
  private func pairs(_ places: [Int32], _ groups: NodeLists) -> [(from: Int32, to: Int32)] {
    var pairs: [(from: Int32, to: Int32)] = []
    pairs.reserveCapacity(2 * groups.indices.count)
    for place in groups.indices {
      for node in groups[place] {
        for value in reads.inputs(node) {
          let from = places[graph.node(of: value).index]
          if from >= 0, from != Int32(place) { pairs.append((from, Int32(place))) }
        }
      }
    }
    return pairs
  }
}
