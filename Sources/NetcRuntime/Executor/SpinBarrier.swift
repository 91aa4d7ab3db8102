import CNetc
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Waiting for other threads: first in a loop, then giving the core away, at last asleep.
///
/// The loop is short: where threads outnumber free cores, the one waited for gets the core sooner.
struct Patience {
  private var rounds = 0

  /// Whether a few milliseconds of waiting are over.
  var isExhausted: Bool { rounds > 10_000 }

  mutating func pause() {
    rounds += 1
    if rounds <= 1000 {
      netc_pause()
    } else if rounds <= 10_000 {
      sched_yield()
    } else {
      usleep(50)
    }
  }
}

/// A place where a fixed number of threads wait for one another.
///
/// Each thread counts its arrivals in a cache line of its own and reads the others' counts: one
/// line travels each way. Plain memory, since counting references to an object that all threads
/// use would cost more than waiting; the owner calls `deallocate`.
/// - Complexity: O(threads) for each to wait.
struct SpinBarrier: @unchecked Sendable {
  private let count: Int
  // SAFETY: `count * line` atomic numbers, written by their own thread only.
  private let arrivals: UnsafeMutablePointer<Atomic<Int>>
  /// Numbers from one thread's count to the next one's: two lines, as processors fetch pairs.
  private static let line = 16

  init(count: Int) {
    self.count = count
    arrivals = UnsafeMutableRawPointer.allocate(
      byteCount: count * Self.line * MemoryLayout<Int>.stride, alignment: 128
    ).bindMemory(to: Atomic<Int>.self, capacity: count * Self.line)
    for place in 0..<count * Self.line { (arrivals + place).initialize(to: Atomic(0)) }
  }

  /// Returns when all threads have called it; what they wrote before is visible after.
  func wait(_ id: Int) {
    let turn = arrivals[id * Self.line].load(ordering: .relaxed) &+ 1
    arrivals[id * Self.line].store(turn, ordering: .releasing)
    for other in 0..<count where other != id {
      var patience = Patience()
      while arrivals[other * Self.line].load(ordering: .acquiring) &- turn < 0 { patience.pause() }
    }
  }

  func deallocate() {
    arrivals.deinitialize(count: count * Self.line)
    arrivals.deallocate()
  }
}
