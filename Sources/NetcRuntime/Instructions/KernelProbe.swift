import CNetc
package import NetcCore
import NetcGraph

/// One instruction with memory of its own, to check and time its kernel.
package final class KernelProbe {
  /// The best instruction set of this machine: 0 portable, 1 AVX2 with FMA, 2 AVX-512.
  package static var bestSet: Int { Int(netc_detect_isa()) }

  private let precision: Precision
  private let views: [OperandView]
  private let starts: [Int]
  private let memory: UnsafeMutableRawBufferPointer
  private let scratch: UnsafeMutableRawPointer
  private let kernel: netc_fn?
  private var instruction: netc_instr
  private let pool: [Int32]

  /// Fills the operands with numbers of a seed; floats lie in [-2, 2).
  /// - Parameter isAlone: whether the work is divided as for a single thread.
  package init(
    _ defined: any DefinedInstruction, _ precision: Precision, set: Int, seed: UInt64 = 1,
    isAlone: Bool = false
  ) {
    self.precision = precision
    views = defined.operands
    var starts: [Int] = []
    var end = 0
    for (k, view) in views.enumerated() {
      // Large operands start at different lines of a page, as in an arena.
      starts.append(end + 128 * k)
      end += (view.memorySize * view.type.bytes(in: precision) + 128 * k + 127) / 64 * 64
    }
    self.starts = starts
    memory = .allocate(byteCount: end + 64, alignment: 4096)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    scratch = .allocate(byteCount: Int(NETC_SCRATCH_BYTES), alignment: 4096)
    var pool = InstructionPool()
    let addresses = starts.map { Address(register: 0, offset: UInt32($0 / 4)) }
    let code = defined.code(precision)
    let placed = code.placed(at: addresses, in: &pool)
    instruction = isAlone ? placed.undivided : placed
    self.pool = pool.words
    kernel = netc_table(Int32(set), precision.kernelType)?[Int(code.opcode)]
    let draws = Philox(seed: seed, site: "probe")
    for (k, view) in views.enumerated() {
      let numbers = draws.uniforms(count: view.memorySize, step: UInt64(k))
      for (place, number) in numbers.enumerated() { store(view.type, k, place, Double(number)) }
    }
  }

  deinit {
    memory.deallocate()
    scratch.deallocate()
  }

  /// The parts that the planner would share among threads, or those of one alone.
  package var parts: Int { Int(instruction.parts) }

  /// Runs all parts, `times` times.
  package func run(times: Int = 1) {
    var slots = [1.0, 1, 1]
    guard let kernel else { return }
    pool.withUnsafeBufferPointer { words in
      slots.withUnsafeMutableBufferPointer { slots in
        var context = netc_context()
        context.pool = words.baseAddress
        context.slots = slots.baseAddress
        var thread = netc_thread()
        thread.reg.0 = memory.baseAddress?.assumingMemoryBound(to: CChar.self)
        thread.scratch = scratch.assumingMemoryBound(to: CChar.self)
        withUnsafeMutablePointer(to: &context) { shared in
          thread.context = shared
          for _ in 0..<times {
            for part in 0..<UInt32(instruction.parts) { kernel(&thread, &instruction, part) }
          }
        }
      }
    }
  }

  /// The element of an operand's memory at a place.
  package func element(_ operand: Int, _ place: Int) -> Double {
    let type = views[operand].type
    // SAFETY: the caller names a place of the operand; `starts` and sizes were laid out together.
    let at =
      memory.baseAddress.unsafelyUnwrapped
      + starts[operand] + place * type.bytes(in: precision)
    switch type {
    case .float:
      return precision == .single ? Double(at.load(as: Float.self)) : at.load(as: Double.self)
    case .int: return Double(at.load(as: Int32.self))
    case .bool: return Double(at.load(as: UInt8.self))
    }
  }

  private func store(_ type: ElementType, _ operand: Int, _ place: Int, _ unit: Double) {
    // SAFETY: as in `element`.
    let at =
      memory.baseAddress.unsafelyUnwrapped
      + starts[operand] + place * type.bytes(in: precision)
    switch type {
    case .float where precision == .single: at.storeBytes(of: Float(unit * 4 - 2), as: Float.self)
    case .float: at.storeBytes(of: unit * 4 - 2, as: Double.self)
    case .int: at.storeBytes(of: Int32(unit * 8), as: Int32.self)
    case .bool: at.storeBytes(of: unit < 0.5 ? 0 : 1, as: UInt8.self)
    }
  }

  /// Floating-point operations of a stretch of multiply-adds in registers, to be timed by the
  /// caller.
  package static func multiplyAdds(set: Int, _ precision: Precision, rounds: Int) -> Int {
    var sink = 0.5
    return Int(
      netc_multiply_add_probe(Int32(set), precision.kernelType, UInt64(max(rounds, 0)), &sink))
  }
}

extension OperandView {
  /// Elements that the operand's memory must have.
  package var memorySize: Int {
    guard shape.allSatisfy({ $0 > 0 }) else { return 0 }
    return zip(shape, strides).reduce(start + 1) { $0 + max(0, ($1.0 - 1) * $1.1) }
  }
}
