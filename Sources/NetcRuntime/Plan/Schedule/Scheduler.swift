import NetcCore

/// Orders the steps: operands first, every reader of an old value before its writer, no write to
/// the persistent segment and no sum before the checks; as far as possible in order of creation,
/// but checks and large updates of the persistent segment as soon as they may come: what they read
/// is near then, and its memory free sooner. Small updates that may merge come last, side by side.
///
/// Where updates read each other's old values, one is computed beside and copied at the end.
struct Scheduler {
  private(set) var draft: Draft
  /// The steps in order.
  private(set) var order: [Int] = []
  /// Step visits, for tests of the cost.
  private(set) var visits = 0

  private let precision: Precision
  /// Each step's edges to those after it, linked: the last, by step, and the one before each.
  private var lastEdge: [Int32]
  private var edges: [Edge] = []
  /// Unfinished steps whose results a step reads.
  private var hard: [Int32]
  /// Unfinished steps that a step must come after for other reasons.
  private var soft: [Int32]
  private var isDone: [Bool]
  private var readers: [Int: [Int]] = [:]
  private var lastWriter: [Int?]
  private var lastCheck: Int?
  private var ready = Heap()
  private var blocked = Heap()

  private struct Edge {
    let target: Int32
    let isHard: Bool
    let before: Int32
  }

  /// - Complexity: O(s log s + operands) for s steps.
  init(_ draft: Draft, precision: Precision) {
    self.draft = draft
    self.precision = precision
    let count = draft.steps.count
    lastEdge = Array(repeating: -1, count: count)
    hard = Array(repeating: 0, count: count)
    soft = Array(repeating: 0, count: count)
    isDone = Array(repeating: false, count: count)
    lastWriter = Array(repeating: nil, count: draft.buffers.count)
    connect()
    run()
  }

  private mutating func connect() {
    var firstWriter: [Int: Int] = [:]
    for index in draft.steps.indices where draft.steps[index].kind != .next {
      for operand in draft.steps[index].operands {
        if let writer = lastWriter[operand.buffer] { link(writer, index, isHard: true) }
        if case .persistent(let entry) = draft.buffers[operand.buffer].place {
          if readers[entry]?.last != index { readers[entry, default: []].append(index) }
        }
      }
      for operand in draft.steps[index].written {
        lastWriter[operand.buffer] = index
        if case .updated(let entry) = draft.buffers[operand.buffer].place, firstWriter[entry] == nil
        {
          firstWriter[entry] = index
        }
      }
      if draft.steps[index].kind == .check {
        if let before = lastCheck { link(before, index, isHard: true) }
        lastCheck = index
      }
    }
    for entry in firstWriter.keys.sorted() {
      guard let writer = firstWriter[entry] else { continue }
      for reader in readers[entry] ?? [] where reader != writer {
        link(reader, writer, isHard: false)
      }
    }
    guard let lastCheck else { return }
    for index in draft.steps.indices
    where draft.steps[index].kind == .accumulate || writesState(index) {
      link(lastCheck, index, isHard: false)
    }
  }

  private func writesState(_ index: Int) -> Bool {
    draft.steps[index].written.contains { operand in
      if case .updated = draft.buffers[operand.buffer].place { true } else { false }
    }
  }

  private mutating func link(_ from: Int, _ to: Int, isHard: Bool) {
    if isDone[from] || from == to { return }
    edges.append(
      Edge(target: Int32(truncatingIfNeeded: to), isHard: isHard, before: lastEdge[from]))
    lastEdge[from] = Int32(truncatingIfNeeded: edges.count - 1)
    if isHard { hard[to] += 1 } else { soft[to] += 1 }
  }

  private mutating func run() {
    var left = 0
    for index in draft.steps.indices where draft.steps[index].kind != .next {
      left += 1
      enqueue(index)
    }
    while left > 0 {
      guard let key = ready.pop() else {
        left += release()
        continue
      }
      let index = key & (Scheduler.far - 1)
      visits += 1
      left -= 1
      finish(index)
    }
    order += draft.steps.indices.filter { draft.steps[$0].kind == .next }
  }

  private mutating func enqueue(_ index: Int) {
    guard hard[index] == 0 else { return }
    if soft[index] == 0 { ready.push(key(index)) } else { blocked.push(index) }
  }

  /// What `ready` orders a step by: its place, `Scheduler.far` less for those that come first, more
  /// for those that come last.
  private func key(_ index: Int) -> Int {
    let kind = draft.steps[index].kind
    if kind == .check { return index - Scheduler.far }
    guard kind == .compute, writesState(index) else { return index }
    if AdjacentUpdates.mayMerge(draft.steps[index], draft) { return index + Scheduler.far }
    let bytes = draft.steps[index].operands.reduce(0) { $0 + draft.buffers[$1.buffer].bytes }
    return bytes > Scheduler.least ? index - Scheduler.far : index
  }

  /// Updates that touch no more bytes than this are left to the end, where threads need not meet
  /// for them.
  private static let least = 8192
  /// More steps than there are, a power of two.
  private static let far = 1 << 40

  private mutating func finish(_ index: Int) {
    isDone[index] = true
    order.append(index)
    var place = Int(lastEdge[index])
    while place >= 0 {
      let edge = edges[place]
      place = Int(edge.before)
      let target = Int(edge.target)
      if edge.isHard {
        hard[target] -= 1
        if hard[target] == 0 { enqueue(target) }
      } else {
        soft[target] -= 1
        if soft[target] == 0, hard[target] == 0 { ready.push(key(target)) }
      }
    }
  }

  /// Lets the first blocked step write memory of its own instead of a tensor's; returns the
  /// copies added.
  private mutating func release() -> Int {
    while let index = blocked.pop() {
      guard !isDone[index], soft[index] > 0, draft.steps[index].kind == .compute,
        !draft.steps[index].accumulates
      else { continue }
      visits += 1
      var added = 0
      for operand in draft.steps[index].written {
        guard case .updated(let entry) = draft.buffers[operand.buffer].place else { continue }
        draft.buffers[operand.buffer].place = .temporary
        addCopy(of: operand.buffer, to: entry, node: index)
        added += 1
      }
      soft[index] = .min / 2
      ready.push(key(index))
      return added
    }
    internalError("plan: the steps form a cycle that no copy breaks")
  }

  private mutating func addCopy(of buffer: Int, to entry: Int, node index: Int) {
    let update = DraftUpdate(
      entry: entry, buffer: buffer, start: 0, count: draft.buffers[buffer].count,
      node: draft.steps[index].node)
    let copy = UpdatePlacement.addCopy(update, to: &draft, precision: precision)
    lastEdge.append(-1)
    hard.append(0)
    soft.append(0)
    isDone.append(false)
    lastWriter.append(copy)
    if let writer = lastWriter[buffer] { link(writer, copy, isHard: true) }
    for reader in readers[entry] ?? [] { link(reader, copy, isHard: false) }
    if let lastCheck { link(lastCheck, copy, isHard: false) }
    enqueue(copy)
  }
}
