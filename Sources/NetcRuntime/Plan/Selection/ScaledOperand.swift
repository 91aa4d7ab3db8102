import NetcCore
import NetcGraph

/// A multiple of a tensor that only products read: they multiply their sums instead, and the
/// multiple is never stored.
struct ScaledOperand {
  /// What is multiplied.
  let source: ValueID
  let factor: Double

  /// - Parameter node: a multiplication that a map program may take.
  /// - Returns: nil for factors that are not constant and products that others read.
  init?(_ graph: borrowing Graph, _ node: NodeID, _ analysis: borrowing GraphAnalysis) {
    let value = graph.result(of: node)
    let users = analysis.users.of(value)
    guard graph.type(of: value).element == .float, !analysis.isResult[value.index], !users.isEmpty,
      users.allSatisfy({ graph.op(of: NodeID(Int($0))) == .dotGeneral })
    else { return nil }
    let operands = analysis.operands(node)
    let pattern = RowPattern(copy graph, copy analysis)
    for place in [1, 0] {
      guard let factor = pattern.number(operands[place]),
        !analysis.isFree[operands[1 - place].index]
      else { continue }
      self.factor = factor
      source = operands[1 - place]
      return
    }
    return nil
  }
}
