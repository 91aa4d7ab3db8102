import CNetc
import NetcCore
import NetcGraph

/// Which nodes share an instruction.
///
/// An elementwise node first joins its users' map program when all its users are in one, but for
/// factors that are computed earlier; everything such a chain reads precedes its last node. Then
/// chains over one index space that pass values on or read the same memory become one program with
/// several outputs, and so does a cross-entropy with its adjoint. Every edge between groups leads to
/// a higher level, so there are no cycles.
struct FusionGroups {
  /// The root of each node's chain, by `NodeID.index`; nil for nodes that are not elementwise.
  private(set) var root: [Int?]
  /// The groups in an order that respects their operands, each with its nodes, ascending.
  private(set) var order: [[NodeID]] = []
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
  private var next: [Int?]
  /// The first node of each chain, by its root.
  private var head: [Int]
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
    root = Array(repeating: nil, count: graph.nodeCount)
    next = Array(repeating: nil, count: graph.nodeCount)
    number = Array(repeating: -1, count: graph.nodeCount)
    head = Array(0..<graph.nodeCount)
    for node in graph.nodeIDs.reversed()
    where analysis.mapRule(node) != nil || analysis.fusedSums[node.index] != nil {
      visits += 1
      if analysis.isRecomputed[node.index] || analysis.isAbsorbed[node.index] { continue }
      if analysis.mapRule(node) != nil, EarlyFactor(graph, node, analysis) == nil,
        let group = commonGroup(graph.result(of: node)), join(node, group)
      { continue }
      start(node)
    }
    join()
    sort()
  }

  /// The nodes of the chain with that root, ascending; the root is the last.
  private func members(_ root: Int) -> [NodeID] {
    var result: [NodeID] = []
    var place: Int? = head[root]
    while let index = place {
      result.append(NodeID(index))
      place = next[index]
    }
    return result
  }

  private func group(_ root: Int) -> Group? {
    number[root] < 0 ? nil : groups[Int(number[root])]
  }

  /// The group that all readers of a value are in.
  private func commonGroup(_ value: ValueID) -> Int? {
    var group: Int?
    let root = root
    let isCommon = analysis.readers(graph, of: value) { reader in
      group = group ?? root[reader]
      return group != nil && root[reader] == group
    }
    return isCommon ? group : nil
  }

  private mutating func start(_ node: NodeID) {
    let reads = reads(node)
    let value = graph.result(of: node)
    let sum = analysis.fusedSums[node.index]
    let space = sum == nil ? value : analysis.operands(graph, node)[0]
    root[node.index] = node.index
    number[node.index] = Int32(truncatingIfNeeded: groups.count)
    groups.append(
      Group(
        inputs: reads.inputs, outputs: analysis.places(of: value), nodes: reads.nodes,
        scalars: reads.scalars, sizes: graph.typeNumber(of: space),
        isUpdate: analysis.isUpdate[value.index], length: sum?.length))
  }

  private mutating func join(_ node: NodeID, _ place: Int) -> Bool {
    guard var group = group(place) else { return false }
    let value = graph.result(of: node)
    let sizes = analysis.sizes
    guard sizes[Int(group.sizes)] == sizes[Int(graph.typeNumber(of: value))] else { return false }
    let reads = reads(node)
    group.inputs.removeAll { $0 == value }
    for input in reads.inputs where !group.inputs.contains(input) { group.inputs.append(input) }
    if analysis.isResult[value.index] { group.outputs += analysis.places(of: value) }
    group.nodes += reads.nodes
    group.scalars += reads.scalars
    guard group.fits else { return false }
    groups[Int(number[place])] = group
    root[node.index] = place
    next[node.index] = head[place]
    head[place] = node.index
    return true
  }

  /// What a node's part of a program needs: values in memory, scalars, operations.
  private struct Reads {
    var inputs: [ValueID] = []
    var scalars = 0
    var nodes = 1
  }

  private func reads(_ node: NodeID) -> Reads {
    var reads = Reads()
    if analysis.mapRule(node) == nil, analysis.fusedSums[node.index] == nil {
      reads.inputs = analysis.stored(graph, node)
      return reads
    }
    var left = analysis.operands(graph, node)
    while let value = left.popLast() {
      let maker = graph.node(of: value)
      if analysis.isFree[value.index] {
        reads.scalars += 2
      } else if analysis.isRecomputed[maker.index] {
        reads.nodes += 1
        left += analysis.operands(graph, maker)
      } else if !reads.inputs.contains(value) {
        reads.inputs.append(value)
      }
    }
    return reads
  }

  // MARK: Joining chains

  /// The group of each node: the first chain's root.
  private var unit: [Int] = []
  /// The nodes of groups of several chains or a pair.
  private var joined: [Int: [NodeID]] = [:]
  private var level: [Int32] = []
  /// The last group that reads a value, by `ValueID.index`.
  private var reader: [Int] = []

  private mutating func join() {
    unit = graph.nodeIDs.map { root[$0.index] ?? $0.index }
    level = Array(repeating: 0, count: graph.nodeCount)
    reader = Array(repeating: -1, count: graph.valueCount)
    for (first, members) in analysis.normMembers {
      for member in members { unit[member.index] = first }
      joined[first] = members
    }
    var halves: [CrossEntropyPair.Key: Int] = [:]
    for node in graph.nodeIDs where isUnit(node) {
      visits += 1
      let sources = sources(of: node)
      if root[node.index] != nil {
        joinChain(node.index, sources)
      } else if let half = CrossEntropyPair.half(graph, node, analysis) {
        if half.isAdjoint, let first = halves[half.key], mayJoin(first, sources) {
          unit[node.index] = first
          joined[first] = [NodeID(first), node]
          halves[half.key] = nil
          continue
        }
        if !half.isAdjoint { halves[half.key] = node.index }
        level[node.index] = levelAfter(sources)
      } else {
        level[node.index] = levelAfter(sources)
      }
    }
  }

  /// Whether a node is the first of a group, or alone.
  private func isUnit(_ node: NodeID) -> Bool {
    analysis.isNeeded[node.index] && unit[node.index] == node.index
      && !analysis.isRecomputed[node.index] && !analysis.isFree[graph.result(of: node).index]
  }

  /// A group that something reads from; what follows its sums cannot be a part of it.
  private struct Source: Equatable {
    let group: Int
    let isSum: Bool
  }

  /// The groups that a chain or a single node reads from, but itself.
  private func sources(of node: NodeID) -> [Source] {
    var result: [Source] = []
    let alone = analysis.normMembers[node.index] ?? [node]
    for member in root[node.index] == nil ? alone : members(node.index) {
      for value in reads(member).inputs {
        let maker = graph.node(of: value)
        let source = Source(
          group: unit[maker.index], isSum: analysis.fusedSums[maker.index] != nil)
        if source.group != node.index, result.last != source { result.append(source) }
      }
    }
    return result
  }

  private func levelAfter(_ sources: [Source]) -> Int32 {
    (sources.map { level[$0.group] }.max() ?? -1) + 1
  }

  /// Whether what reads those groups may be a part of one: all others come before it.
  private func mayJoin(_ group: Int, _ sources: [Source]) -> Bool {
    sources.allSatisfy { source in
      (source.group == group && !source.isSum) || level[source.group] < level[group]
    }
  }

  private mutating func joinChain(_ chain: Int, _ sources: [Source]) {
    guard let own = group(chain) else { return }
    let sizes = analysis.sizes[Int(own.sizes)]
    let siblings = own.inputs.filter { analysis.sizes[Int(graph.typeNumber(of: $0))] == sizes }
      .map { reader[$0.index] }
    for place in sources.map(\.group) + siblings where place >= 0 && root[place] != nil {
      guard mayJoin(place, sources), let group = merged(place, chain, own) else { continue }
      groups[Int(number[place])] = group
      for member in members(chain) { unit[member.index] = place }
      joined[place] = (joined[place] ?? members(place)) + members(chain)
      note(place, own.inputs)
      return
    }
    level[chain] = levelAfter(sources)
    note(chain, own.inputs)
  }

  private mutating func note(_ group: Int, _ inputs: [ValueID]) {
    for input in inputs { reader[input.index] = group }
  }

  /// A group with a chain added, if it fits.
  private func merged(_ place: Int, _ chain: Int, _ own: Group) -> Group? {
    guard var group = group(place), group.isUpdate == own.isUpdate,
      members(chain).allSatisfy({ analysis.fences[$0.index] <= place }),
      analysis.sizes[Int(group.sizes)] == analysis.sizes[Int(own.sizes)]
    else { return nil }
    let nodes = (joined[place] ?? members(place)) + members(chain)
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
        analysis.isResult[value.index] || analysis.fusedSums[node.index] != nil
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
    var groups: [[NodeID]] = []
    for node in graph.nodeIDs where isUnit(node) {
      let nodes = joined[node.index]?.sorted { $0.index < $1.index } ?? members(node.index)
      for member in nodes { places[member.index] = Int32(groups.count) }
      groups.append(nodes)
    }
    let edges = GroupEdges(count: groups.count, pairs: pairs(places, groups))
    var unfinished = edges.unfinished
    var ready = Heap()
    // A group's last node leads back to it.
    for (place, nodes) in groups.enumerated() where unfinished[place] == 0 {
      ready.push(nodes.last?.index ?? 0)
    }
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
  private func pairs(_ places: [Int32], _ groups: [[NodeID]]) -> [(from: Int32, to: Int32)] {
    var pairs: [(from: Int32, to: Int32)] = []
    for (place, nodes) in groups.enumerated() {
      for node in nodes {
        for value in reads(node).inputs {
          let from = places[graph.node(of: value).index]
          if from >= 0, from != Int32(place) { pairs.append((from, Int32(place))) }
        }
      }
    }
    return pairs
  }
}
