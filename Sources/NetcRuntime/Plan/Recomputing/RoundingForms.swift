import NetcCore
import NetcGraph

/// How the nodes of a loop's body are computed, as far as their rounding depends on it: which
/// instruction takes a product together with a sum, which values sums read from memory. Bodies in
/// which a node has the same form give it the same bits.
struct RoundingForms {
  /// The form of one node.
  private struct Form: Hashable {
    /// The operand that is multiplied and added without rounding between; -1 where none is.
    var joined = -1
    /// The patterns it is part of, a bit each.
    var patterns = 0
  }

  private let graph: Graph
  private let analysis: GraphAnalysis
  /// The map programs that compute each node, by `NodeID.index`: several where it is computed again
  /// for each reader.
  private var programs: [[Int]]
  private var norms: Set<NodeID> = []
  private var forms: [Form?] = []

  /// - Parameter results: the values that are wanted of the body, which is as it is planned.
  /// - Returns: nil where it cannot be planned.
  /// - Complexity: O(n log n) in the nodes.
  init?(_ body: Graph, results: [ValueID], _ bindings: DimBindings) {
    var graph = body
    graph.results = results.enumerated().map { GraphResult(.result, String($0), $1) }
    guard
      let analysis = try? GraphAnalysis(graph, bindings: bindings, options: PlanOptions(.once))
    else { return nil }
    self.graph = graph
    self.analysis = analysis
    programs = Array(repeating: [], count: graph.nodeCount)
    let groups = FusionGroups(graph, analysis)
    for place in groups.order.indices {
      for node in groups.order[place] { programs[node.index] = [place] }
    }
    for node in graph.nodeIDs.reversed() where analysis.isRecomputed[node.index] {
      let users = analysis.users.of(graph.result(of: node))
      programs[node.index] = Set(users.flatMap { programs[Int($0)] }).sorted()
    }
    for norm in analysis.norms.values { norms.formUnion(norm.absorbed + [norm.last]) }
    for members in analysis.normMembers.values { norms.formUnion(members) }
    forms = graph.nodeIDs.map { form(of: $0) }
  }

  /// Whether a node is rounded as one of another body is.
  func isAlike(_ node: NodeID, _ other: NodeID, in others: RoundingForms) -> Bool {
    guard let form = forms[node.index] else { return false }
    return form == others.forms[other.index]
  }

  /// Nil for a node that is rounded otherwise in some programs than in others.
  private func form(of node: NodeID) -> Form? {
    guard analysis.isNeeded[node.index] else { return Form() }
    let joined = Set(programs[node.index].map { self.joined(node, in: $0) })
    guard joined.count <= 1 else { return nil }
    return Form(joined: joined.first ?? -1, patterns: patterns(of: node))
  }

  private func patterns(of node: NodeID) -> Int {
    let operands = analysis.operands(node)
    let isConvolution =
      analysis.endings[node.index] != nil || analysis.prologues[node.index] != nil
      || analysis.statistics[node.index] != nil
    let sumsOwn =
      analysis.isFusedSum[node.index]
      && operands.contains { share($0, node) }
    let parts = [
      analysis.isAbsorbed[node.index], analysis.biased[node.index] != nil,
      analysis.sums[node.index] != nil, analysis.sums[node.index]?.bias != nil,
      analysis.sums[node.index]?.added != nil, analysis.isFusedSum[node.index], sumsOwn,
      norms.contains(node), isConvolution, operands.contains { analysis.scaled[$0.index] != nil },
    ]
    return parts.reduce(0) { 2 * $0 + ($1 ? 1 : 0) }
  }

  /// Whether a value is computed in a program of a node that reads it.
  private func share(_ value: ValueID, _ node: NodeID) -> Bool {
    programs[graph.node(of: value).index].contains { programs[node.index].contains($0) }
  }

  /// The operand of a sum that is a product in the same program, which nothing else in it reads.
  private func joined(_ node: NodeID, in program: Int) -> Int {
    let places: [Int]
    switch graph.op(of: node) {
    case .add: places = [0, 1]
    case .subtract: places = [1]
    default: return -1
    }
    guard analysis.mapRule(node) != nil else { return -1 }
    let operands = analysis.operands(node)
    return places.first { place in
      let value = operands[place]
      let maker = graph.node(of: value)
      guard graph.op(of: maker) == .multiply, analysis.mapRule(maker) != nil,
        programs[maker.index].contains(program)
      else { return false }
      let users = analysis.users.of(value)
      let isStored =
        !analysis.isRecomputed[maker.index]
        && (analysis.isResult[value.index]
          || users.contains { programs[Int($0)] != [program] })
      return !isStored && users.count { programs[Int($0)].contains(program) } == 1
    } ?? -1
  }
}
