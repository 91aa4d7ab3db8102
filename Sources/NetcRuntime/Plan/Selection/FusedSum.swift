import NetcCore
import NetcGraph

/// A sum that a map program can take of a value while computing it.
struct FusedSum {
  /// Elements of a row of the summed value: its last neighbouring axes that are all summed or all
  /// kept, but of a sum over everything the last axis alone, whose rows threads can share.
  let length: Int
  /// How many axes those are.
  let axes: Int
  /// Whether the sums run over rows; else along them.
  let sumsRows: Bool

  /// - Returns: nil for other nodes and sums over axes between others.
  init?(_ graph: borrowing Graph, _ node: NodeID, _ analysis: borrowing GraphAnalysis) {
    let value = graph.result(of: node)
    guard graph.op(of: node) == .reduceSum, analysis.isNeeded[node.index],
      analysis.source[value.index] == value, graph.type(of: value).element == .float,
      !analysis.hosted[value.index], analysis.accumulated[node.index] == nil
    else { return nil }
    let operand = analysis.operands(node)[0]
    let shape = analysis.sizes[Int(graph.typeNumber(of: operand))]
    let reduced = Set(graph.attributes(of: node).ints("axes"))
    let count = shape.reduce(1, *)
    guard count > 0, !analysis.isFree[operand.index],
      let last = shape.indices.last(where: { shape[$0] != 1 })
    else { return nil }
    sumsRows = !reduced.contains(last)
    let isWhole = shape.indices.allSatisfy { shape[$0] == 1 || reduced.contains($0) }
    var first = last
    while first > 0,
      shape[first - 1] == 1 || (!isWhole && reduced.contains(first - 1) != sumsRows)
    { first -= 1 }
    axes = shape.count - first
    length = shape[first...].reduce(1, *)
    if sumsRows {
      let rest = (0..<first).filter { shape[$0] != 1 }
      guard !rest.isEmpty, rest.allSatisfy({ reduced.contains($0) }) else { return nil }
    }
  }
}
