import NetcCore
import NetcGraph

/// Calls of functions that one instruction computes.
enum CompositeSelection {
  static func call(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let operands = s.operands(node)
    let value = s.graph.result(of: node)
    let n = s.shape(value).last ?? 1
    let rows = n == 0 ? 0 : s.count(value) / n
    switch claim(s.graph, node) {
    case .softmax(let x, let logarithm):
      let source = try s.dense(operands[x])
      let target = s.allocate(value)
      var instruction = SoftmaxInstruction(rows: rows, n: n, logarithm: logarithm)
      instruction.period = period(s, node)
      s.emit(instruction, to: [target], from: [source])
    case .softmaxAdjoint(let y, let dy, let logarithm):
      let sources = (try s.dense(operands[y]), try s.dense(operands[dy]))
      let target = s.allocate(value)
      var instruction = SoftmaxAdjointInstruction(rows: rows, n: n, logarithm: logarithm)
      instruction.period = period(s, node)
      s.emit(instruction, to: [target], from: [sources.0, sources.1])
    case .crossEntropy(let logits, let target):
      try crossEntropy(&s, operands, logits, target, loss: value)
    case .crossEntropyAdjoint(let logits, let target, let d):
      try crossEntropy(&s, operands, logits, target, adjoint: value, d: operands[d])
    }
  }

  /// A cross-entropy and its adjoint, whose factor is one number, in one instruction.
  static func pair(_ s: inout Selector, _ first: NodeID, _ last: NodeID) throws(PlanError) {
    guard case .crossEntropyAdjoint(let logits, let target, let d) = claim(s.graph, last) else {
      internalError("plan: composite, node \(last.index), is no half of a pair")
    }
    let operands = s.operands(last)
    try crossEntropy(
      &s, operands, logits, target, loss: s.graph.result(of: first),
      adjoint: s.graph.result(of: last), d: operands[d])
  }

  /// After how many rows those of a causal softmax repeat, else 0.
  private static func period(_ s: Selector, _ node: NodeID) -> Int {
    guard s.analysis.causal.softmaxes.contains(node.index) else { return 0 }
    return s.shape(s.graph.result(of: node)).dropLast().last ?? 0
  }

  private static func claim(_ graph: Graph, _ node: NodeID) -> CompositeClaims.Claim {
    guard let claim = CompositeClaims.claim(graph.attributes(of: node).body("body")) else {
      internalError("plan: composite, node \(node.index), is neither inlined nor claimed")
    }
    return claim
  }

  private static func crossEntropy(
    _ s: inout Selector, _ operands: OperandTable.Operands, _ logits: Int,
    _ target: CompositeClaims.LabelTarget, loss: ValueID? = nil, adjoint: ValueID? = nil,
    d: ValueID? = nil
  ) throws(PlanError) {
    let n = s.shape(operands[logits]).last ?? 1
    var instruction = CrossEntropyInstruction(
      rows: n == 0 ? 0 : s.count(operands[logits]) / n, n: n)
    instruction.on = target.on
    instruction.off = target.off
    instruction.givesLoss = loss != nil
    instruction.givesAdjoint = adjoint != nil
    var inputs = [try s.dense(operands[logits]), try s.dense(operands[target.labels])]
    if let d {
      switch s.location(d) {
      case .number(let number): instruction.factor = GemmInstruction.Factor(number)
      case .slot(let slot): instruction.factor = GemmInstruction.Factor(1, slot: slot)
      case .iota, .view:
        instruction.readsFactors = true
        inputs.append(try s.dense(d))
      }
    }
    let outputs = [loss, adjoint].compactMap { $0 }.map { s.allocate($0) }
    if n == 0, let loss, s.count(loss) > 0 {
      s.emit(FillInstruction(type: .float, count: s.count(loss), value: 0), to: outputs, from: [])
      return
    }
    var sharing = outputs.map { _ in [Int]() }
    if adjoint != nil { sharing[outputs.count - 1] = [outputs.count] }
    s.emit(
      instruction.code(s.precision), name: CrossEntropyInstruction.name, to: outputs, from: inputs,
      sharing: sharing)
  }
}
