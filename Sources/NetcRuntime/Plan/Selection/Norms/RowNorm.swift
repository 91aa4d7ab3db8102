import NetcCore
import NetcGraph

/// Rows along the last axis brought to mean 0 and variance 1, or to mean square 1 alone, then
/// scaled and shifted by vectors: (x - mean x) / √(mean (x - mean x)² + ε) · scale + bias.
struct RowNorm {
  let x: ValueID
  let isCentred: Bool
  let epsilon: Double
  private(set) var scale: ValueID?
  private(set) var bias: ValueID?
  /// The rows before scale and bias.
  let normal: ValueID
  /// The last node, which the instruction stands for.
  private(set) var last: NodeID
  /// The nodes computed on the way.
  private(set) var absorbed: [NodeID]
  /// Whether anything but the adjoint, which computes them again, reads the rows.
  private(set) var isRead = true
  /// The adjoint, if it is in the graph.
  let adjoint: RowNormAdjoint?

  /// The rows' elements.
  private let length: Int

  /// The normalization around a reciprocal root.
  /// - Returns: nil where something else reads a part of it.
  init?(_ graph: Graph, root: NodeID, _ analysis: GraphAnalysis) {
    var pattern = RowPattern(graph, analysis)
    let rate = graph.result(of: root)
    let shifted = pattern.operands(rate)[0]
    guard analysis.isNeeded[root.index], analysis.source[rate.index] == rate,
      let wide = pattern.onlyUser(rate).map({ graph.result(of: $0) }),
      pattern.repeated(wide) == rate, let (spread, shift) = pattern.pair(shifted, .add),
      let epsilon = pattern.number(shift),
      let square = pattern.mean(spread, of: pattern.shape(wide)),
      let (centred, other) = pattern.pair(square, .multiply), centred == other,
      let first = pattern.users(wide).first(where: {
        graph.op(of: $0) == .multiply && pattern.operands(graph.result(of: $0)).contains(centred)
      })
    else { return nil }
    self.epsilon = epsilon
    normal = graph.result(of: first)
    length = pattern.shape(wide).last ?? 0
    var found = pattern
    if let (x, mean) = found.pair(centred, .subtract), found.rowMean(mean) == x {
      self.x = x
      isCentred = true
      pattern = found
    } else {
      x = centred
      isCentred = false
    }
    let others = pattern.users(wide).filter { $0 != first }
    guard others.count <= 1 else { return nil }
    absorbed = [root] + pattern.nodes
    last = first
    let core = RowNormAdjoint.Core(
      x: x, normal: normal, rate: wide, isCentred: isCentred, epsilon: epsilon)
    if let top = others.first {
      guard let adjoint = RowNormAdjoint(graph, top, core, analysis) else { return nil }
      self.adjoint = adjoint
    } else {
      adjoint = nil
    }
    let inside = Set(absorbed + [first] + others)
    for node in absorbed {
      let value = graph.result(of: node)
      guard !analysis.isResult[value.index],
        pattern.users(value).allSatisfy({ inside.contains($0) })
      else { return nil }
    }
    takeEnding(graph, pattern, analysis)
  }

  /// Adds scale and bias where nothing else but the adjoint reads what comes before them.
  private mutating func takeEnding(
    _ graph: Graph, _ pattern: RowPattern, _ analysis: GraphAnalysis
  ) {
    let members = Set(adjoint?.members ?? [])
    let readers = pattern.users(normal).filter { !members.contains($0) }
    isRead = !readers.isEmpty || analysis.isResult[normal.index]
    guard readers.count == 1, !analysis.isResult[normal.index],
      let (scaled, scale) = next(graph, pattern, analysis, readers[0], .multiply, normal)
    else { return }
    absorbed.append(last)
    last = readers[0]
    self.scale = scale
    guard let reader = pattern.onlyUser(scaled),
      let (_, bias) = next(graph, pattern, analysis, reader, .add, scaled)
    else { return }
    absorbed.append(last)
    last = reader
    self.bias = bias
  }

  /// The result of a node that joins a value with a vector, and the vector.
  private func next(
    _ graph: Graph, _ pattern: RowPattern, _ analysis: GraphAnalysis, _ node: NodeID, _ op: OpID,
    _ value: ValueID
  ) -> (ValueID, ValueID)? {
    guard graph.op(of: node) == op, analysis.mapRule(node) != nil else { return nil }
    let result = graph.result(of: node)
    let operands = pattern.operands(result)
    guard let place = operands.firstIndex(of: value),
      let vector = pattern.vector(operands[1 - place])
    else { return nil }
    return (result, vector)
  }
}
