import NetcGraph

/// Which values a planned step keeps in memory, from when to when, and where its memory peaks.
struct KeptValues {
  /// A value's memory: its size and the positions of the first and last step that touch it.
  struct Span {
    let bytes: Int
    var first: Int
    var last: Int
    /// Whether it is there throughout.
    let isFixed: Bool
  }

  /// The position of the step at which most bytes are alive.
  let peak: Int
  /// The last node computed up to there.
  let split: NodeID
  /// The values that could be dropped over the peak: computed before, read after, by value.
  private(set) var crossing: [ValueID] = []

  /// By `ValueID.index`; nil for values without memory of their own.
  private var spans: [Span?]

  /// - Complexity: O(steps + operands + values).
  init(_ attempt: PlanAttempt) {
    let draft = attempt.draft
    peak = min(attempt.memory.report.peakInstruction, max(0, draft.steps.count - 1))
    let upToPeak = draft.steps.prefix(peak + 1)
    split = upToPeak.last { $0.node != nil }?.node ?? NodeID(0)
    spans = Array(repeating: nil, count: attempt.graph.valueCount)
    for (position, step) in draft.steps.enumerated() {
      for operand in step.operands {
        touch(draft.buffers[draft.root(of: operand.buffer)], position)
      }
    }
    let atPeak = draft.steps.isEmpty ? [] : draft.steps[peak].operands
    let touched = Set(atPeak.map { draft.root(of: $0.buffer) })
    for (index, buffer) in draft.buffers.enumerated() where !touched.contains(index) {
      guard buffer.place == .temporary, let value = buffer.value, let span = spans[value.index],
        !span.isFixed, span.first < peak, span.last > peak
      else { continue }
      crossing.append(value)
    }
  }

  private mutating func touch(_ buffer: DraftBuffer, _ position: Int) {
    guard let value = buffer.value else { return }
    if spans[value.index] == nil {
      let isFixed = buffer.isInput || buffer.isOutput || buffer.place != .temporary
      spans[value.index] = Span(
        bytes: buffer.bytes, first: position, last: position, isFixed: isFixed)
    }
    spans[value.index]?.last = position
  }

  /// The memory of a value; nil when it has none of its own.
  subscript(value: ValueID) -> Span? { spans[value.index] }

  /// Whether a value is at hand after the peak anyway.
  func isAtHandLater(_ value: ValueID) -> Bool {
    guard let span = spans[value.index] else { return false }
    return span.isFixed || span.last > peak
  }
}
