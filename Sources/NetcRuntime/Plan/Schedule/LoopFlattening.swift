/// Puts the steps of loops between a step that begins them and one that ends them.
enum LoopFlattening {
  /// The draft with its steps in the order of execution.
  /// - Complexity: O(steps + operands).
  static func flattened(_ draft: Draft, order: [Int]) -> Draft {
    var flat = draft
    flat.steps = []
    flat.steps.reserveCapacity(order.count)
    for index in order { append(draft.steps[index], to: &flat.steps) }
    return flat
  }

  private static func append(_ step: DraftStep, to steps: inout [DraftStep]) {
    guard let loop = step.loop else {
      steps.append(step)
      return
    }
    let buffers = step.operands.map(\.buffer)
    let others = Set(buffers).subtracting(loop.fresh).sorted()
    let outline = DraftLoop(count: loop.count, windows: loop.windows, fresh: loop.fresh, steps: [])
    steps.append(
      DraftStep(
        kind: .loop, name: "loop", code: .loop,
        operands: (loop.fresh + others).map { DraftOperand(buffer: $0) },
        outputs: loop.fresh.count, node: step.node, loop: outline))
    for inner in loop.steps { append(inner, to: &steps) }
    steps.append(
      DraftStep(
        kind: .endLoop, name: "end loop", code: .endLoop,
        operands: (loop.fresh + others).map { DraftOperand(buffer: $0) }, outputs: 0,
        node: step.node, loop: outline))
  }
}
