import NetcCore

/// Decides for each update whether its instruction writes the parameter's memory itself or a copy
/// does.
enum UpdatePlacement {
  /// - Complexity: O(operands).
  static func place(_ draft: inout Draft, precision: Precision) {
    let writers = writers(draft)
    for update in draft.updates {
      if mayWriteDirectly(update, draft, writers[update.buffer]) {
        draft.buffers[update.buffer].place = .updated(update.entry)
      } else {
        addCopy(update, to: &draft, precision: precision)
      }
    }
  }

  /// Adds the step that copies a new value to its place; returns it.
  @discardableResult
  static func addCopy(_ update: DraftUpdate, to draft: inout Draft, precision: Precision) -> Int {
    let source = draft.buffers[update.buffer]
    let count = update.count
    let target = draft.add(
      DraftBuffer(
        place: .updated(update.entry), element: source.element, count: count,
        bytes: count * source.element.bytes(in: precision), shape: source.shape,
        value: source.value))
    guard
      let copy = CopyInstruction(
        type: source.element, shape: [count],
        output: CopyInstruction.View(strides: [1]),
        input: CopyInstruction.View(start: update.start, strides: [1]))
    else { internalError("plan: a dense copy has too many axes") }
    draft.steps.append(
      DraftStep(
        name: CopyInstruction.name, code: copy.code(precision),
        operands: [DraftOperand(buffer: target), DraftOperand(buffer: update.buffer)], outputs: 1,
        node: update.node))
    return draft.steps.count - 1
  }

  private static func writers(_ draft: Draft) -> [[Int]] {
    var writers = Array(repeating: [Int](), count: draft.buffers.count)
    for index in draft.steps.indices {
      for operand in draft.steps[index].written { writers[operand.buffer].append(index) }
    }
    return writers
  }

  /// Whether the old value may be overwritten by the instructions that compute the new one.
  private static func mayWriteDirectly(_ update: DraftUpdate, _ draft: Draft, _ writers: [Int])
    -> Bool
  {
    let buffer = draft.buffers[update.buffer]
    guard buffer.place == .temporary, !buffer.isInput, update.start == 0,
      buffer.count == update.count, !writers.isEmpty
    else { return false }
    return writers.allSatisfy { index in
      let step = draft.steps[index]
      guard step.kind == .compute else { return false }
      let output = step.written.firstIndex { $0.buffer == update.buffer }
      for (place, operand) in step.operands.enumerated().dropFirst(step.outputs)
      where draft.buffers[operand.buffer].place == .persistent(update.entry) {
        guard writers.count == 1, operand.start == 0, let output,
          step.shared(by: output).contains(place)
        else { return false }
      }
      return true
    }
  }
}
