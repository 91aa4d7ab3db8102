import CNetc

extension netc_instr {
  /// As a single thread runs it: undivided, but for products in many parts, which are blocks that
  /// fit caches.
  var undivided: netc_instr {
    var instruction = self
    let isProduct = (UInt16(NETC_GEMM)...UInt16(NETC_GEMV)).contains(op)
    if !isProduct || parts <= 2 { instruction.parts = 1 }
    return instruction
  }
}
