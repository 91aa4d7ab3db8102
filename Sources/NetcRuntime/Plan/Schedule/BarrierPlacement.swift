import CNetc

/// Decides where threads must meet: before an instruction of which some thread may touch bytes that
/// another has touched since the last meeting, unless both only read; after a check; at the end.
///
/// Threads do not meet where the same thread's parts produce what its parts use: instructions with
/// the same number of parts whose parts begin at the same bytes, for any number of threads.
struct BarrierPlacement {
  /// The instruction's flags, which are what is decided.
  private var flags: [UInt8]
  private let code: [netc_instr]
  private let accesses: [PlanAccess]
  /// The first of each instruction's accesses, which come in the order of instructions.
  private var firstAccess: [Int] = []
  private var pending: [Touch] = []
  private var pendingInstructions = 0

  /// As many instructions are compared with one another at most; then threads meet anyway.
  private static let most = 32

  /// Bytes that an instruction reads or writes.
  private struct Touch {
    let register: UInt8
    var bytes: Range<Int>
    let isWrite: Bool
    let parts: Int
    let share: PlanShare?
  }

  /// Sets the plan's flags.
  /// - Complexity: O(instructions).
  static func place(_ plan: inout Plan) {
    guard plan.isParallel else { return }
    var placement = BarrierPlacement(plan)
    placement.run()
    for index in plan.code.indices { plan.code[index].flags = placement.flags[index] }
  }

  private init(_ plan: Plan) {
    code = plan.code
    flags = plan.code.map(\.flags)
    accesses = plan.accesses
    firstAccess.reserveCapacity(code.count)
    var place = 0
    for index in code.indices {
      firstAccess.append(place)
      while place < accesses.count, accesses[place].instruction == index { place += 1 }
    }
  }

  /// What an instruction touches.
  private func touches(_ index: Int) -> [Touch] {
    let instruction = code[index]
    if instruction.op == UInt16(NETC_LOOP) || instruction.op == UInt16(NETC_ENDLOOP) { return [] }
    let parts = Int(instruction.parts)
    var touches: [Touch] = []
    touches.reserveCapacity(4)
    for place in firstAccess[index]..<firstAccess[index + 1] {
      let access = accesses[place]
      if access.continues, let last = touches.indices.last {
        touches[last].bytes = touches[last].bytes.lowerBound..<access.bytes.upperBound
        continue
      }
      touches.append(
        Touch(
          register: access.register, bytes: access.bytes, isWrite: access.isWrite, parts: parts,
          share: parts > 1 ? access.share : nil))
    }
    // The cursor of the data is not among the operands.
    let isNext = instruction.op == UInt16(NETC_NEXT)
    if isNext || instruction.op == UInt16(NETC_FEED) {
      touches.append(
        Touch(register: .max, bytes: 0..<8, isWrite: isNext, parts: parts, share: nil))
    }
    return touches
  }

  private mutating func run() {
    var index = 0
    var before = -1
    while index < code.count - 1 {
      visit(index, after: before)
      before = index
      if code[index].op == UInt16(NETC_LOOP) {
        let end = Int(code[index].jump) - 1
        turn(index + 1..<end, after: index)
        turn(index + 1..<end, after: end)
        before = end
        index = end
      }
      index += 1
    }
    if before >= 0 { flags[before] |= UInt8(NETC_SYNC) }
  }

  /// A turn of a loop; threads meet at the beginnings and ends of loops in it.
  private mutating func turn(_ body: Range<Int>, after first: Int) {
    var before = first
    for index in body {
      visit(index, after: before)
      before = index
      let op = code[index].op
      if op == UInt16(NETC_LOOP) || op == UInt16(NETC_ENDLOOP) { meet(after: index) }
    }
  }

  private mutating func visit(_ index: Int, after before: Int) {
    let touches = touches(index)
    if touches.contains(where: { touch in
      pending.contains { BarrierPlacement.mayRace($0, touch) }
    }) {
      if before >= 0, code[before].op == UInt16(NETC_ENDLOOP), before + 1 == index {
        // After the loop, not after each turn.
        flags[index] |= UInt8(NETC_SYNC_BEFORE)
        forget()
      } else {
        meet(after: before)
      }
    }
    pending += touches
    pendingInstructions += 1
    if flags[index] & UInt8(NETC_CONTROL | NETC_SYNC) != 0
      || pendingInstructions == BarrierPlacement.most
    {
      meet(after: index)
    }
  }

  private mutating func meet(after index: Int) {
    flags[index] |= UInt8(NETC_SYNC)
    forget()
  }

  private mutating func forget() {
    pending.removeAll(keepingCapacity: true)
    pendingInstructions = 0
  }

  /// Whether different threads may touch the same byte and one of them writes it.
  private static func mayRace(_ a: Touch, _ b: Touch) -> Bool {
    guard a.isWrite || b.isWrite, a.register == b.register, a.bytes.overlaps(b.bytes) else {
      return false
    }
    guard a.parts == b.parts else { return true }
    if a.parts == 1 { return false }
    guard let x = a.share, let y = b.share, x.turn == y.turn else { return true }
    return !areAligned(x, y, parts: a.parts)
  }

  /// Whether different parts touch different bytes, in any two turns: they begin at the same places
  /// but for a distance within the gaps between rows.
  private static func areAligned(_ x: PlanShare, _ y: PlanShare, parts: Int) -> Bool {
    var distance = y.first - x.first
    if x.turn != 0 {
      let turn = abs(x.turn)
      if max(x.units * x.unit, y.units * y.unit) > turn { return false }
      // To the nearest turn.
      distance -= Int((Double(distance) / Double(turn)).rounded()) * turn
    }
    guard distance <= y.gap, -distance <= x.gap else { return false }
    return (1..<parts).allSatisfy { part in
      x.units * part / parts * x.unit == y.units * part / parts * y.unit
    }
  }
}
