import NetcCore

/// Takes out of a step what it only rearranges of parameters and states, for plans that keep it:
/// weights in the order in which instructions read them.
enum WeightKeeping {
  /// The instructions that move numbers and compute nothing.
  private static let rearranging: Set<String> = [
    PackInstruction.name, PackKernelInstruction.name, CopyInstruction.name,
  ]

  /// Moves such steps to the preparation and what they make to memory that is kept.
  /// - Complexity: O(steps + operands).
  static func move(_ draft: inout Draft) {
    guard draft.updates.isEmpty else { return }
    var writers = Array(repeating: 0, count: draft.buffers.count)
    count(draft.steps, &writers)
    var rest: [DraftStep] = []
    for step in draft.steps {
      guard isKept(step, draft, writers), let target = step.operands.first?.buffer else {
        rest.append(step)
        continue
      }
      draft.buffers[target].place = .kept(draft.keptBytes)
      draft.keptBytes += (draft.buffers[target].bytes + 63) & ~63
      draft.preparation.append(step)
    }
    draft.steps = rest
  }

  /// How many steps write each buffer, those in loops included.
  private static func count(_ steps: [DraftStep], _ writers: inout [Int]) {
    for step in steps {
      for operand in step.written { writers[operand.buffer] += 1 }
      if let loop = step.loop { count(loop.steps, &writers) }
    }
  }

  /// Whether a step makes the whole of a temporary, of numbers that only a preparation changes.
  private static func isKept(_ step: DraftStep, _ draft: Draft, _ writers: [Int]) -> Bool {
    guard step.kind == .compute, step.outputs == 1, rearranging.contains(step.name) else {
      return false
    }
    let target = draft.buffers[step.operands[0].buffer]
    guard target.place == .temporary, !target.isInput, !target.isOutput,
      writers[step.operands[0].buffer] == 1,
      draft.keptBytes + target.bytes <= PersistentLayout.largestSegment
    else { return false }
    return step.read.allSatisfy { operand in
      switch draft.buffers[operand.buffer].place {
      case .persistent, .constant, .kept: true
      default: false
      }
    }
  }
}
