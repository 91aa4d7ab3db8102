import NetcCore

/// Merges updates of small tensors that lie side by side into one instruction: those that come one
/// after another and follow the same rule element by element.
///
/// Their gradients become parts of one buffer, as far from one another as the tensors are, so that
/// what computes them writes them where the one instruction reads them. It computes what lies
/// between two tensors, too, which nothing reads.
struct AdjacentUpdates {
  private var draft: Draft
  private let layout: PersistentLayout
  /// The temporaries of updates looked at.
  private var seen: Set<Int> = []
  /// The steps that others stand for.
  private var merged: Set<Int> = []

  /// What updates that merge have in common.
  private struct Rule: Hashable {
    let instruction: DraftInstruction
    /// The operands that every element reads, by place.
    let shared: [DraftOperand?]
  }

  /// Changes a draft whose steps are in the order of execution.
  /// - Complexity: O(s log s + operands) for s steps.
  static func merge(_ draft: inout Draft, layout: PersistentLayout) {
    guard draft.steps.count(where: { mayMerge($0, draft) }) > 1 else { return }
    var updates = AdjacentUpdates(draft: draft, layout: layout)
    updates.run()
    if updates.merged.isEmpty { return }
    let steps = updates.draft.steps
    updates.draft.steps = steps.indices.filter { !updates.merged.contains($0) }.map { steps[$0] }
    draft = updates.draft
  }

  /// Whether a step computes new values of small tensors, and nothing else, from their old ones and
  /// temporaries, each element from those in the same place.
  static func mayMerge(_ step: DraftStep, _ draft: Draft) -> Bool {
    guard step.kind == .compute, step.outputs > 0, !step.accumulates else { return false }
    var entries: [Int] = []
    for operand in step.written {
      guard case .updated(let entry) = draft.buffers[operand.buffer].place else { return false }
      entries.append(entry)
    }
    guard let isShared = step.instruction?.sharedOperands else { return false }
    return step.operands.indices.allSatisfy { place in
      let operand = step.operands[place]
      let buffer = draft.buffers[operand.buffer]
      if case .persistent(let entry) = buffer.place, !entries.contains(entry) { return false }
      if isShared[place] { return buffer.place == .temporary }
      guard operand.start == 0, buffer.element == .float,
        buffer.count == draft.buffers[step.operands[0].buffer].count,
        buffer.bytes <= PersistentLayout.small
      else { return false }
      switch buffer.place {
      case .persistent: return true
      case .updated: return place < step.outputs
      case .temporary: return !buffer.isInput && !buffer.isOutput
      default: return false
      }
    }
  }

  private init(draft: Draft, layout: PersistentLayout) {
    self.draft = draft
    self.layout = layout
  }

  private mutating func run() {
    var start = 0
    for index in 0...draft.steps.count {
      if index < draft.steps.count, Self.mayMerge(draft.steps[index], draft) { continue }
      if index - start > 1 { merge(start..<index) }
      start = index + 1
    }
  }

  /// Merges steps that follow one another.
  private mutating func merge(_ run: Range<Int>) {
    var places: [Rule: Int] = [:]
    var groups: [[Int]] = []
    for index in run {
      let step = draft.steps[index]
      guard let instruction = step.instruction, let isShared = instruction.sharedOperands else {
        continue
      }
      let own = step.operands.indices.filter { !isShared[$0] }.map { step.operands[$0].buffer }
      let temporaries = own.filter { draft.buffers[$0].place == .temporary }
      if temporaries.contains(where: { !seen.insert($0).inserted }) { continue }
      let rule = Rule(
        instruction: instruction.resized(to: 0),
        shared: isShared.indices.map { isShared[$0] ? step.operands[$0] : nil })
      if let place = places[rule] {
        groups[place].append(index)
      } else {
        places[rule] = groups.count
        groups.append([index])
      }
    }
    for group in groups where group.count > 1 {
      var chain: [Int] = []
      for index in group.sorted(by: { first(of: $0) < first(of: $1) }) {
        if let last = chain.last, !follows(index, last) {
          join(chain)
          chain = []
        }
        chain.append(index)
      }
      join(chain)
    }
  }

  /// The tensor in the persistent segment that an operand is.
  private func entry(_ step: Int, _ place: Int) -> PersistentLayout.Entry? {
    switch draft.buffers[draft.steps[step].operands[place].buffer].place {
    case .persistent(let entry), .updated(let entry): layout.entries[entry]
    default: nil
    }
  }

  /// The first byte of the first tensor that a step writes.
  private func first(of step: Int) -> Int { entry(step, 0)?.offset ?? 0 }

  /// Whether every tensor of a step begins where that of another ends.
  private func follows(_ step: Int, _ other: Int) -> Bool {
    draft.steps[step].operands.indices.allSatisfy { place in
      guard let next = entry(step, place), let last = entry(other, place) else { return true }
      return next.offset == last.end
    }
  }

  /// Lets the first step of a chain compute what all do.
  private mutating func join(_ chain: [Int]) {
    guard chain.count > 1, let last = chain.last, let end = entry(last, 0),
      let instruction = draft.steps[chain[0]].instruction,
      let isShared = instruction.sharedOperands
    else { return }
    let start = first(of: chain[0])
    let bytes = end.offset + end.bytes - start
    let count = bytes / ElementType.float.bytes(in: layout.precision)
    for place in isShared.indices where entry(last, place) == nil && !isShared[place] {
      let whole = draft.add(
        DraftBuffer(
          place: .temporary, element: .float, count: count, bytes: bytes,
          shape: Shape(sizes: [count]), value: nil))
      for step in chain {
        draft.buffers[draft.steps[step].operands[place].buffer].place = .part(
          of: whole, byte: first(of: step) - start)
      }
    }
    let whole = instruction.resized(to: count)
    draft.steps[chain[0]].instruction = whole
    draft.steps[chain[0]].code = whole.code(layout.precision)
    draft.steps[chain[0]].merged = chain.dropFirst().map { draft.steps[$0].operands }
    merged.formUnion(chain.dropFirst())
  }
}

extension DraftInstruction {
  /// For each operand whether every element reads its one number; nil unless each element is
  /// computed from those in the same place, wherever that is.
  fileprivate var sharedOperands: [Bool]? {
    switch self {
    case .product: return nil
    case .adam(let adam): return Array(repeating: false, count: adam.outputs + adam.inputs)
    case .program(let program):
      guard program.dimensions.count == 1, program.tails.isEmpty,
        !program.steps.contains(where: { $0.operation == .realIota || $0.operation == .intIota }),
        program.places.allSatisfy({ $0.strides == [0] || $0.strides == [1] })
      else { return nil }
      return program.places.map { $0.strides == [0] }
    }
  }

  /// The same for another number of elements; for those with `sharedOperands`.
  fileprivate func resized(to count: Int) -> DraftInstruction {
    switch self {
    case .product: return self
    case .adam(let adam): return .adam(AdamInstruction(count: count, rule: adam.rule))
    case .program(var program):
      program.dimensions = [count]
      return .program(program)
    }
  }

  fileprivate func code(_ precision: Precision) -> InstructionCode {
    switch self {
    case .product(let product): product.code(precision)
    case .adam(let adam): adam.code(precision)
    case .program(let program): program.code(precision)
    }
  }
}
