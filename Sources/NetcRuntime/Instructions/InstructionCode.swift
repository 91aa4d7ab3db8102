package import CNetc

/// Where an operand lies: `register + 4 * offset`, the offset in 4-byte words.
package struct Address: Hashable, Sendable {
  package var register: UInt8
  package var offset: UInt32

  package init(register: UInt8, offset: UInt32) {
    self.register = register
    self.offset = offset
  }
}

/// An instruction's machine form before its operands have addresses.
package struct InstructionCode: Hashable, Sendable {
  /// Index into the kernel table.
  package var opcode: UInt16
  /// The words behind `aux`.
  package var words: [Int32]
  /// Fixed split, a function of shape only.
  package var parts: UInt16
  /// Estimated time of all parts together in 1/16 µs.
  package var cost: UInt32
  /// Floating-point operations of products; 0 for what only moves or maps elements.
  package var operations = 0.0

  /// - Parameter nanoseconds: estimated time of the whole instruction on one thread.
  /// - Parameter units: the largest number of parts that the shape allows.
  package init(opcode: Int, words: [Int32], nanoseconds: Double, units: Int) {
    self.opcode = UInt16(truncatingIfNeeded: opcode)
    self.words = words
    self.parts = UInt16(InstructionCode.parts(nanoseconds: nanoseconds, units: units))
    self.cost = UInt32(min(max(nanoseconds * 0.016, 0), 4e9))
  }

  /// One part for every 4 µs of work, at most 64 and at most one for each unit.
  package static func parts(nanoseconds: Double, units: Int) -> Int {
    max(1, min(Int(min(nanoseconds / 4000, 64)), units))
  }

  /// The instruction with its operands placed, outputs first; appends its words to the pool.
  package func placed(at operands: [Address], in pool: inout InstructionPool) -> netc_instr {
    var result = netc_instr()
    result.op = opcode
    result.n = UInt8(truncatingIfNeeded: min(operands.count, Int(NETC_OPERANDS)))
    result.parts = parts
    result.cost = cost
    result.aux = pool.append(words)
    withUnsafeMutableBytes(of: &result.reg) { bytes in
      for (k, operand) in operands.prefix(Int(NETC_OPERANDS)).enumerated() {
        bytes[k] = operand.register
      }
    }
    withUnsafeMutableBytes(of: &result.off) { bytes in
      for (k, operand) in operands.prefix(Int(NETC_OPERANDS)).enumerated() {
        bytes.storeBytes(of: operand.offset, toByteOffset: 4 * k, as: UInt32.self)
      }
    }
    return result
  }
}

/// The words of all instructions of a plan; equal word lists are stored once.
package struct InstructionPool: Sendable {
  package private(set) var words: [Int32] = []
  private var known: [[Int32]: UInt32] = [:]

  package init() {}

  /// The index of a word list, appended if it is new.
  package mutating func append(_ list: [Int32]) -> UInt32 {
    if let index = known[list] { return index }
    let index = UInt32(truncatingIfNeeded: words.count)
    words += list
    known[list] = index
    return index
  }
}

extension Array where Element == Int32 {
  /// Appends a number that the planner has checked to fit; larger ones are clamped.
  mutating func append(count value: Int) { append(Int32(clamping: value)) }

  /// Appends the two words of a double, low first.
  mutating func append(real value: Double) {
    let bits = value.bitPattern
    append(Int32(truncatingIfNeeded: bits))
    append(Int32(truncatingIfNeeded: bits >> 32))
  }
}
