import NetcCore
import NetcGraph

/// Calls of functions that one instruction computes.
enum CompositeSelection {
  static func call(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let body = s.graph.attributes(of: node).body("body")
    guard let claim = CompositeClaims.claim(body) else {
      internalError("plan: composite, node \(node.index), is neither inlined nor claimed")
    }
    let operands = s.operands(node)
    let value = s.graph.result(of: node)
    let n = s.shape(value).last ?? 1
    let rows = n == 0 ? 0 : s.count(value) / n
    switch claim {
    case .softmax(let x, let logarithm):
      let source = try s.dense(operands[x])
      let target = s.allocate(value)
      s.emit(
        SoftmaxInstruction(rows: rows, n: n, logarithm: logarithm), to: [target], from: [source])
    case .softmaxAdjoint(let y, let dy, let logarithm):
      let sources = (try s.dense(operands[y]), try s.dense(operands[dy]))
      let target = s.allocate(value)
      s.emit(
        SoftmaxAdjointInstruction(rows: rows, n: n, logarithm: logarithm), to: [target],
        from: [sources.0, sources.1])
    }
  }
}
