import CNetc
import NetcCore

/// The C kernels of one instruction set and precision, by opcode.
final class KernelTable {
  /// One for every opcode; those the host executes itself end the process when called.
  let functions: UnsafeMutablePointer<netc_fn>

  /// - Parameter isa: 0 portable, 1 AVX2, 2 AVX-512; at most what the machine has; nil for the
  ///   best.
  init(isa: Int?, precision: Precision) {
    let best = Int(netc_detect_isa())
    let chosen = min(max(0, isa ?? best), best)
    let count = Int(NETC_OPCODE_COUNT)
    functions = .allocate(capacity: count)
    let table = netc_table(Int32(chosen), precision.kernelType)
    for opcode in 0..<count {
      let missing: netc_fn = { _, instruction, _ in
        internalError("executor: opcode \(instruction?.pointee.op ?? 0) has no kernel")
      }
      (functions + opcode).initialize(to: table?[opcode] ?? missing)
    }
  }

  deinit { functions.deallocate() }
}
