import NetcCore
import NetcGraph

/// Gives the temporaries their places in one arena, by the first and last step that touches each.
struct MemoryPlanner: Sendable {
  /// The first byte of each buffer among the temporaries, or -1.
  private(set) var offsets: [Int]
  private(set) var report = MemoryReport()
  /// The bytes of temporaries alive at each step and after the last.
  private(set) var live: [Int] = []
  /// Buffer visits, for tests of the cost.
  private(set) var visits = 0

  private let draft: Draft
  private let order: [Int]
  private let separate: Bool
  private var first: [Int]
  private var last: [Int]
  /// The buffer whose memory each buffer took over, or itself.
  private var owner: [Int]

  /// - Complexity: O(b log b + operands) for b buffers.
  init(_ draft: Draft, order: [Int], separate: Bool) {
    self.draft = draft
    self.order = order
    self.separate = separate
    let count = draft.buffers.count
    offsets = Array(repeating: -1, count: count)
    first = Array(repeating: Int.max, count: count)
    last = Array(repeating: -1, count: count)
    owner = Array(0..<count)
    measure()
    if !separate { takeOver() }
    place()
    if !separate { pack() }
  }

  private func isTemporary(_ buffer: Int) -> Bool { draft.buffers[buffer].place == .temporary }

  private mutating func measure() {
    for (position, index) in order.enumerated() {
      for operand in draft.steps[index].operands {
        visits += 1
        let buffer = draft.whole(of: operand.buffer)
        first[buffer] = min(first[buffer], position)
        last[buffer] = max(last[buffer], position)
      }
    }
    for (index, buffer) in draft.buffers.enumerated() where buffer.place == .temporary {
      if buffer.isInput {
        first[index] = 0
        last[index] = order.count
      } else if buffer.isOutput {
        first[index] = min(first[index], order.count)
        last[index] = order.count
      }
    }
  }

  /// Lets outputs take over the memory of inputs that end there, where the instruction allows it.
  private mutating func takeOver() {
    for (position, index) in order.enumerated() where !draft.steps[index].sharing.isEmpty {
      let step = draft.steps[index]
      for output in step.sharing.indices where !step.sharing[output].isEmpty {
        let target = step.operands[output].buffer
        guard isTemporary(target), first[target] == position, owner[target] == target else {
          continue
        }
        if let source = step.sharing[output].first(where: { mayTake(step, $0, output, position) }) {
          let root = owner[step.operands[source].buffer]
          owner[target] = root
          last[root] = last[target]
        }
      }
    }
  }

  private func mayTake(_ step: DraftStep, _ source: Int, _ output: Int, _ position: Int) -> Bool {
    let root = owner[step.operands[source].buffer]
    let target = step.operands[output].buffer
    guard isTemporary(root), last[root] == position, !draft.buffers[root].isInput,
      draft.buffers[root].bytes == draft.buffers[target].bytes
    else { return false }
    return step.operands.indices.allSatisfy { place in
      guard owner[step.operands[place].buffer] == root else { return true }
      return place >= step.outputs && step.operands[place].start == 0
        && step.shared(by: output).contains(place)
    }
  }

  private mutating func place() {
    var allocator = ArenaAllocator()
    var beginning = Array(repeating: -1, count: order.count + 1)
    var ending = Array(repeating: -1, count: order.count + 1)
    var nextBeginning = Array(repeating: -1, count: draft.buffers.count)
    var nextEnding = nextBeginning
    for index in draft.buffers.indices.reversed()
    where isTemporary(index) && owner[index] == index && last[index] >= 0 {
      nextBeginning[index] = beginning[first[index]]
      beginning[first[index]] = index
      nextEnding[index] = ending[last[index]]
      ending[last[index]] = index
    }
    var live = 0
    for position in 0...order.count {
      var index = beginning[position]
      while index >= 0 {
        visits += 1
        offsets[index] = allocator.allocate(draft.buffers[index].bytes)
        live += draft.buffers[index].bytes
        index = nextBeginning[index]
      }
      self.live.append(live)
      if live > report.peakLive {
        report.peakLive = live
        report.peakInstruction = position
      }
      index = ending[position]
      while index >= 0 {
        live -= draft.buffers[index].bytes
        if !separate { allocator.free(offsets[index], draft.buffers[index].bytes) }
        index = nextEnding[index]
      }
    }
    for index in draft.buffers.indices where isTemporary(index) && owner[index] != index {
      offsets[index] = offsets[owner[index]]
    }
    visits += allocator.visits
    report.temporaries = allocator.top
  }

  /// Places the buffers of small plans anew where that takes less.
  private mutating func pack() {
    let indices = draft.buffers.indices.filter {
      isTemporary($0) && owner[$0] == $0 && last[$0] >= 0
    }
    guard indices.count <= LargestFirst.mostBlocks, report.temporaries > report.peakLive else {
      return
    }
    let packed = LargestFirst(
      indices.map {
        LargestFirst.Block(bytes: draft.buffers[$0].bytes, first: first[$0], last: last[$0])
      })
    guard packed.top < report.temporaries else { return }
    report.temporaries = packed.top
    for (place, index) in indices.enumerated() { offsets[index] = packed.starts[place] }
    for index in draft.buffers.indices where isTemporary(index) && owner[index] != index {
      offsets[index] = offsets[owner[index]]
    }
  }

  /// The report with formulas and the values alive at the peak.
  func finished(_ graph: Graph, layout: PersistentLayout) -> MemoryReport {
    var report = report
    report.persistent = layout.bytes
    report.constants = draft.constants.count * 8
    report.kept = draft.keptBytes
    report.persistentFormula = Dim(layout.entries.reduce(0) { $0 + $1.bytes })
    var values: [MemoryReport.PeakValue] = []
    let peak = report.peakInstruction
    var alike: (shape: Shape, bytes: Int) = ([], 0)
    func add() {
      report.peakFormula = report.peakFormula + alike.shape.count * Dim(alike.bytes)
    }
    for (index, buffer) in draft.buffers.enumerated()
    where isTemporary(index) && owner[index] == index && first[index] <= peak && peak <= last[index]
    {
      if buffer.shape != alike.shape {
        add()
        alike = (buffer.shape, 0)
      }
      alike.bytes += buffer.element.bytes(in: layout.precision)
      let name = buffer.value.map { value in
        graph.name(of: value) ?? graph.op(of: value).operation.name
      }
      values.append(
        MemoryReport.PeakValue(name: name ?? "scratch", shape: buffer.shape, bytes: buffer.bytes))
    }
    add()
    report.peakValues = Array(values.sorted { $0.bytes > $1.bytes }.prefix(8))
    return report
  }
}
