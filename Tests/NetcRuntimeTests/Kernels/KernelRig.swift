import CNetc
import NetcCore
import NetcRuntime

/// The instruction sets of this machine, worst first.
let machineSets = Array(0...Int(netc_detect_isa()))

/// Memory for one instruction: operands between guard bands, a thread for each of several workers.
///
/// Elements are exchanged as doubles, one array for each operand's whole memory.
final class KernelRig {
  /// Bytes before and after each operand that no kernel may touch.
  static let guardBytes = 192
  static let guardByte: UInt8 = 0xA5

  let precision: Precision
  let types: [ElementType]
  let sizes: [Int]
  private let memory: UnsafeMutableRawBufferPointer
  private let starts: [Int]

  /// - Parameter operands: the type and the number of elements of each operand's memory.
  init(_ precision: Precision, operands: [(type: ElementType, size: Int)]) {
    self.precision = precision
    types = operands.map(\.type)
    sizes = operands.map(\.size)
    var starts: [Int] = []
    var end = Self.guardBytes
    for operand in operands {
      starts.append(end)
      end += operand.size * operand.type.bytes(in: precision) + 2 * Self.guardBytes
      end = (end + 63) / 64 * 64
    }
    self.starts = starts
    memory = .allocate(byteCount: end + Self.guardBytes, alignment: 64)
    for k in memory.indices { memory[k] = Self.guardByte }
  }

  deinit { memory.deallocate() }

  /// The elements of an operand's memory.
  subscript(operand: Int) -> [Double] {
    get {
      (0..<sizes[operand]).map { k in
        switch types[operand] {
        case .float where precision == .single: Double(at(operand, k).load(as: Float.self))
        case .float: at(operand, k).load(as: Double.self)
        case .int: Double(at(operand, k).load(as: Int32.self))
        case .bool: Double(at(operand, k).load(as: UInt8.self))
        }
      }
    }
    set {
      for (k, value) in newValue.enumerated() {
        switch types[operand] {
        case .float where precision == .single:
          at(operand, k).storeBytes(of: Float(value), as: Float.self)
        case .float: at(operand, k).storeBytes(of: value, as: Double.self)
        case .int: at(operand, k).storeBytes(of: Int32(value), as: Int32.self)
        case .bool: at(operand, k).storeBytes(of: UInt8(value), as: UInt8.self)
        }
      }
    }
  }

  private func at(_ operand: Int, _ element: Int) -> UnsafeMutableRawPointer {
    // SAFETY: starts and sizes were laid out together in init; `element` is below the operand's
    // size.
    memory.baseAddress.unsafelyUnwrapped
      + starts[operand] + element * types[operand].bytes(in: precision)
  }

  /// The raw bytes of an operand.
  func bytes(_ operand: Int) -> [UInt8] {
    let count = sizes[operand] * types[operand].bytes(in: precision)
    return Array(memory[starts[operand]..<starts[operand] + count])
  }

  /// Whether every byte outside the operands is as it was.
  var guardsHold: Bool {
    var from = 0
    for k in types.indices {
      if memory[from..<starts[k]].contains(where: { $0 != Self.guardByte }) { return false }
      from = starts[k] + sizes[k] * types[k].bytes(in: precision)
    }
    return !memory[from...].contains { $0 != Self.guardByte }
  }

  /// Runs an instruction as `threads` workers would, the last worker first.
  /// - Parameter places: the operand whose memory each of the instruction's operands uses.
  /// - Parameter only: the only part to be done; nil for all.
  func run(
    _ code: InstructionCode, isa: Int, threads: Int = 1, places: [Int]? = nil,
    only: Int? = nil, context: inout netc_context
  ) {
    var pool = InstructionPool()
    let order = places ?? Array(types.indices)
    let addresses = order.map { Address(register: 0, offset: UInt32(starts[$0] / 4)) }
    var instruction = code.placed(at: addresses, in: &pool)
    let table = netc_table(Int32(isa), precision.kernelType)
    guard let kernel = table?[Int(code.opcode)] else { return }
    let parts = Int(code.parts)
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: Int(NETC_SCRATCH_BYTES), alignment: 64)
    defer { scratch.deallocate() }
    pool.words.withUnsafeBufferPointer { words in
      withUnsafeMutablePointer(to: &context) { shared in
        shared.pointee.pool = words.baseAddress
        var thread = netc_thread()
        thread.reg.0 = memory.baseAddress?.assumingMemoryBound(to: CChar.self)
        thread.scratch = scratch.assumingMemoryBound(to: CChar.self)
        thread.context = shared
        for worker in (0..<threads).reversed() {
          for part in (parts * worker / threads)..<(parts * (worker + 1) / threads)
          where only == nil || only == part {
            kernel(&thread, &instruction, UInt32(part))
          }
        }
      }
    }
  }
}

/// Numbers that depend on a seed alone.
struct SeededNumbers {
  private var generator: Philox
  private var count: UInt64 = 0

  init(_ seed: UInt64) { generator = Philox(seed: seed, site: "kernels") }

  /// The next number in [low, high), on a float's grid.
  mutating func next(_ low: Double, _ high: Double) -> Double {
    count += 1
    let unit = Double(Philox.uniform(generator.word(element: count, step: 0)))
    return Double(Float(low + (high - low) * unit))
  }
}
