import CNetc

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How long an instruction took in all and how often it ran.
package struct InstructionTime: Hashable, Sendable {
  package var nanoseconds = 0.0
  package var count = 0
}

extension StepLoop {
  /// A step of thread 0 with the clock read after each instruction; waiting for others counts.
  func walk(
    _ thread: UnsafeMutablePointer<netc_thread>, _ turns: UnsafeMutablePointer<Int>,
    _ times: UnsafeMutablePointer<InstructionTime>
  ) {
    var instruction = code
    let end = UInt16(NETC_END)
    var before = StepLoop.nanoseconds
    while instruction.pointee.op != end {
      let place = instruction - code
      guard let next = perform(instruction, thread, 0, turns) else { return }
      let after = StepLoop.nanoseconds
      times[place].nanoseconds += after - before
      times[place].count += 1
      before = after
      instruction = next
    }
  }

  /// What reading the clock takes, which each time of an instruction contains.
  static var clockCost: Double {
    (0..<1000).map { _ in
      let before = nanoseconds
      return nanoseconds - before
    }.min() ?? 0
  }

  private static var nanoseconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
