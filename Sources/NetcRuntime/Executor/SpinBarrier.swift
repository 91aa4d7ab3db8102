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
final class SpinBarrier: Sendable {
  private let count: Int
  private let arrived = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)

  init(count: Int) { self.count = count }

  /// Returns when all threads have called it; what they wrote before is visible after.
  func wait() {
    let current = generation.load(ordering: .acquiring)
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == count {
      arrived.store(0, ordering: .relaxed)
      generation.store(current &+ 1, ordering: .releasing)
      return
    }
    var patience = Patience()
    while generation.load(ordering: .acquiring) == current { patience.pause() }
  }
}
