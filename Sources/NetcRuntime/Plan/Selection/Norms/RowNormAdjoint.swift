import NetcCore
import NetcGraph

/// The adjoint of a `RowNorm`: rate (g - mean g - ŷ mean(g ŷ)) with g = d · scale, a tensor added
/// to it, and sums over all rows of d ŷ, d and the result.
struct RowNormAdjoint {
  /// What the forward half computes.
  struct Core {
    let x: ValueID
    let normal: ValueID
    /// What the rows were multiplied by, repeated along them.
    let rate: ValueID
    let isCentred: Bool
    let epsilon: Double
  }

  let core: Core
  /// The adjoint of the forward result.
  private(set) var d: ValueID
  private(set) var scale: ValueID?
  private(set) var added: ValueID?
  /// The adjoint of x, with what is added.
  private(set) var result: ValueID
  /// The sums over all rows of d ŷ, of d, of the result.
  private(set) var scaleSum: NodeID?
  private(set) var biasSum: NodeID?
  private(set) var resultSum: NodeID?
  /// All nodes, ascending.
  private(set) var members: [NodeID]

  /// The adjoint that ends in a product with the rate.
  /// - Returns: nil where something else reads a part of it, or a part precedes what it reads.
  init?(_ graph: Graph, _ top: NodeID, _ core: Core, _ analysis: GraphAnalysis) {
    var pattern = RowPattern(graph, analysis)
    self.core = core
    result = graph.result(of: top)
    guard let inner = pattern.factor(result, with: core.rate),
      let (rest, tilt) = pattern.pair(inner, .subtract),
      let along = pattern.factor(tilt, with: core.normal),
      let product = pattern.rowMean(along), let g = pattern.factor(product, with: core.normal)
    else { return nil }
    d = g
    if core.isCentred {
      guard let (value, mean) = pattern.pair(rest, .subtract), value == g,
        pattern.rowMean(mean) == g
      else { return nil }
    } else if rest != g {
      return nil
    }
    members = pattern.nodes.sorted()
    let inside = Set(members)
    for node in members {
      let value = graph.result(of: node)
      guard analysis.sums[node.index] == nil, !analysis.isAbsorbed[node.index],
        node == top || !analysis.isResult[value.index],
        node == top || pattern.users(value).allSatisfy({ inside.contains($0) })
      else { return nil }
    }
    read = [graph.node(of: core.x), graph.node(of: d)]
    guard take([]) else { return nil }
    takeScale(graph, pattern, analysis)
    takeSums(graph, pattern)
    takeAddition(graph, pattern, analysis)
  }

  /// The nodes whose values the instruction reads; they all come before the members, so that the
  /// instruction may stand where the first of them is.
  private var read: [NodeID] = []

  /// Adds members and what they read, if that leaves everything read before all members.
  private mutating func take(_ nodes: [NodeID], reading values: [NodeID] = []) -> Bool {
    guard let first = (members + nodes).min(), (read + values).allSatisfy({ $0 < first }) else {
      return false
    }
    members = (members + nodes).sorted()
    read += values
    return true
  }

  /// g = d · scale with a vector, when only this adjoint reads g.
  private mutating func takeScale(
    _ graph: Graph, _ pattern: RowPattern, _ analysis: GraphAnalysis
  ) {
    let node = graph.node(of: d)
    guard graph.op(of: d) == .multiply, analysis.mapRule(node) != nil,
      !analysis.isResult[d.index], pattern.users(d).allSatisfy({ members.contains($0) })
    else { return }
    let factors = pattern.operands(d)
    for place in [1, 0] {
      guard let vector = pattern.vector(factors[place]) else { continue }
      let inner = graph.node(of: factors[1 - place])
      read.removeAll { $0 == node }
      if take([node], reading: [inner, graph.node(of: factors[place])]) {
        d = factors[1 - place]
        scale = vector
      } else {
        read.append(node)
      }
      return
    }
  }

  private mutating func takeSums(_ graph: Graph, _ pattern: RowPattern) {
    let length = pattern.shape(d).last ?? 0
    for node in pattern.users(core.normal) where !members.contains(node) && scaleSum == nil {
      let value = graph.result(of: node)
      guard graph.op(of: value) == .multiply, let sum = pattern.onlyUser(value),
        [[core.normal, d], [d, core.normal]].contains(Array(pattern.operands(value))),
        pattern.isRowSum(sum, length: length), take([node, sum])
      else { continue }
      scaleSum = sum
    }
    biasSum = takeSum(of: d, pattern, length)
  }

  /// The sum over all rows of a value.
  private mutating func takeSum(
    of value: ValueID, _ pattern: RowPattern, _ length: Int
  ) -> NodeID? {
    let found = pattern.users(value).first {
      !members.contains($0) && pattern.isRowSum($0, length: length)
    }
    guard let found, take([found]) else { return nil }
    return found
  }

  /// A tensor that the adjoint of x is only added to, then the sum of the result.
  private mutating func takeAddition(
    _ graph: Graph, _ pattern: RowPattern, _ analysis: GraphAnalysis
  ) {
    if let node = pattern.onlyUser(result), graph.op(of: node) == .add,
      analysis.mapRule(node) != nil
    {
      let pair = pattern.operands(graph.result(of: node))
      let other = pair[0] == result ? pair[1] : pair[0]
      if other != result, !analysis.isFree[other.index], graph.op(of: other) != .broadcastInDim,
        take([node], reading: [graph.node(of: other)])
      {
        added = other
        result = graph.result(of: node)
      }
    }
    resultSum = takeSum(of: result, pattern, pattern.shape(d).last ?? 0)
  }
}
