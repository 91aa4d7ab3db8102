import CNetc
import NetcRuntime

/// Walks a plan as several threads would, turn by turn of its loops, and compares the bytes that
/// each touches between two meetings with those of the others.
struct RaceSimulation {
  private let plan: Plan
  private let threads: Int
  private let accesses: [[PlanAccess]]
  private var touched: [Touched] = []
  private var race: String?
  /// The turns done of each loop around, innermost last.
  private var turns: [Int] = []
  /// Instructions done, each turn of a loop counted.
  private var done = 0

  private struct Touched {
    let instruction: Int
    let place: Int
    let thread: Int
    let register: UInt8
    let bytes: Range<Int>
    let isWrite: Bool
  }

  /// The first race, in words, or nil.
  static func firstRace(in plan: Plan, threads: Int) -> String? {
    var simulation = RaceSimulation(plan, threads)
    simulation.run()
    return simulation.race
  }

  private init(_ plan: Plan, _ threads: Int) {
    self.plan = plan
    self.threads = threads
    var accesses = Array(repeating: [PlanAccess](), count: plan.code.count)
    for access in plan.accesses where plan.code.indices.contains(access.instruction) {
      accesses[access.instruction].append(access)
    }
    self.accesses = accesses
  }

  private mutating func run() {
    var index = 0
    while index < plan.code.count - 1, race == nil {
      let instruction = plan.code[index]
      if instruction.flags & UInt8(NETC_SYNC_BEFORE) != 0 { touched = [] }
      let isMeeting = instruction.flags & UInt8(NETC_SYNC | NETC_CONTROL) != 0
      switch Int(instruction.op) {
      case Int(NETC_LOOP): turns.append(0)
      case Int(NETC_ENDLOOP):
        if isMeeting { touched = [] }
        let last = turns.removeLast()
        let start = Int(instruction.jump)
        if last + 1 < Int(plan.pool[Int(plan.code[start - 1].aux)]) {
          turns.append(last + 1)
          index = start
          continue
        }
      default:
        done += 1
        for thread in 0..<threads { touch(index, thread) }
      }
      if isMeeting { touched = [] }
      index += 1
    }
  }

  private mutating func touch(_ index: Int, _ thread: Int) {
    let parts = Int(plan.code[index].parts)
    let own = parts * thread / threads..<parts * (thread + 1) / threads
    if parts == 1 ? thread > 0 : own.isEmpty { return }
    for access in accesses[index] {
      var bytes = access.bytes
      if let share = access.share, parts > 1 {
        let moved = share.turn * (turns.last ?? 0)
        let first = share.bytes(parts: own, of: parts)
        // The last unit may be cut off by the buffer's end.
        bytes = (first.lowerBound + moved..<first.upperBound + moved).clamped(to: access.bytes)
      }
      for other in touched
      where other.place != done && other.thread != thread && other.register == access.register
        && (other.isWrite || access.isWrite) && other.bytes.overlaps(bytes)
      {
        race = race ?? "instruction \(index) of thread \(thread) and \(other)"
      }
      touched.append(
        Touched(
          instruction: index, place: done, thread: thread, register: access.register, bytes: bytes,
          isWrite: access.isWrite))
    }
  }
}
