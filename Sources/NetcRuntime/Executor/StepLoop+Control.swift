import CNetc

extension StepLoop {
  /// Carries out LOOP or ENDLOOP on one thread: its registers and its counters of turns left, one
  /// for each depth; returns the next instruction.
  func control(
    _ instruction: UnsafePointer<netc_instr>, _ thread: UnsafeMutablePointer<netc_thread>,
    _ turns: UnsafeMutablePointer<Int>
  ) -> UnsafePointer<netc_instr> {
    let words = context.pointee.pool + Int(instruction.pointee.aux)
    let depth = Int(instruction.pointee.depth)
    guard let registers = netc_registers(thread) else { return instruction + 1 }
    if instruction.pointee.op == UInt16(NETC_LOOP) {
      turns[depth] = Int(words[0])
      for window in 0..<Int(words[1]) {
        let word = words + 2 + 6 * window
        registers[Int(word[0])] = registers[Int(word[1])].map { $0 + LoopWindow.number(word + 2) }
      }
      return instruction + 1
    }
    turns[depth] -= 1
    if turns[depth] == 0 { return instruction + 1 }
    for window in 0..<Int(words[0]) {
      let word = words + 1 + 3 * window
      let register = Int(word[0])
      registers[register] = registers[register].map { $0 + LoopWindow.number(word + 1) }
    }
    return code + Int(instruction.pointee.jump)
  }
}
