import CNetc

/// Loops, which the step loop itself carries out on every thread.
///
/// LOOP: `count, windows`, then for each `register, base register, start (bytes, 2 words), stride
/// (bytes, 2 words)`: points each register `start` behind the base register. ENDLOOP: `windows`,
/// then for each `register, stride`: moves the registers and goes back to `jump` while turns are
/// left.
extension InstructionCode {
  /// Begins a loop.
  static var loop: InstructionCode {
    InstructionCode(opcode: Int(NETC_LOOP), words: [], nanoseconds: 10, units: 1)
  }

  /// Ends a turn.
  static var endLoop: InstructionCode {
    InstructionCode(opcode: Int(NETC_ENDLOOP), words: [], nanoseconds: 10, units: 1)
  }
}

/// Where a moving operand points at the first turn, and by how much it moves.
struct LoopWindow {
  let register: UInt8
  let base: UInt8
  let start: Int
  let stride: Int

  /// The words of LOOP.
  static func begin(count: Int, _ windows: [LoopWindow]) -> [Int32] {
    [Int32(clamping: count), Int32(clamping: windows.count)]
      + windows.flatMap { window in
        [Int32(window.register), Int32(window.base)] + words(window.start) + words(window.stride)
      }
  }

  /// The words of ENDLOOP.
  static func end(_ windows: [LoopWindow]) -> [Int32] {
    [Int32(clamping: windows.count)]
      + windows.flatMap { [Int32($0.register)] + words($0.stride) }
  }

  private static func words(_ number: Int) -> [Int32] {
    [Int32(truncatingIfNeeded: number), Int32(truncatingIfNeeded: number >> 32)]
  }

  /// The number in two words of a pool.
  static func number(_ words: UnsafePointer<Int32>) -> Int {
    Int(words[1]) << 32 | Int(UInt32(bitPattern: words[0]))
  }
}
