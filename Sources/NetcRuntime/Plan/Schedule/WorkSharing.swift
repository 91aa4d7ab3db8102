import CNetc

/// Decides which steps of training or evaluation are shared among threads.
enum WorkSharing {
  /// Meeting at the beginning and the end and moving numbers to another core takes about a
  /// microsecond: a step that one thread does in less than this many is left to it.
  private static let shortest = 20.0

  /// Leaves all instructions of a short step to one thread. A function of shapes alone.
  /// - Complexity: O(steps).
  static func decide(_ draft: inout Draft, _ options: PlanOptions) {
    if options.dividesAll {
      divideAll(&draft)
    } else if time(draft) < shortest {
      for place in draft.steps.indices { draft.steps[place].code.parts = 1 }
    }
  }

  /// Microseconds that one thread takes.
  private static func time(_ draft: Draft) -> Double {
    var turns = [1.0]
    var time = 0.0
    for step in draft.steps {
      if step.kind == .endLoop, turns.count > 1 { turns.removeLast() }
      time += (turns.last ?? 1) * Double(step.code.cost) / 16
      if let loop = step.loop, step.kind == .loop {
        turns.append((turns.last ?? 1) * Double(loop.count))
      }
    }
    return time
  }

  private static func divideAll(_ draft: inout Draft) {
    let products = UInt16(NETC_GEMM)...UInt16(NETC_GEMV)
    for place in draft.steps.indices {
      let kind = draft.steps[place].kind
      guard kind == .compute || kind == .feed else { continue }
      draft.steps[place].code.parts = 4
      if products.contains(draft.steps[place].code.opcode) {
        draft.steps[place].code.words.replaceSubrange(GemmInstruction.grid, with: [4, 1, 1])
      }
    }
  }
}
