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
  /// What each part touches of the operands; nil when each may touch all of them.
  package var slices: PartSlices?

  /// - Parameter nanoseconds: estimated time of the whole instruction on one thread.
  /// - Parameter units: the largest number of parts that the shape allows.
  /// - Parameter slices: a unit in each operand, if they are what parts divide.
  package init(
    opcode: Int, words: [Int32], nanoseconds: Double, units: Int,
    slices: [PartSlices.Unit?]? = nil
  ) {
    self.opcode = UInt16(truncatingIfNeeded: opcode)
    self.words = words
    self.parts = UInt16(InstructionCode.parts(nanoseconds: nanoseconds, units: units))
    self.cost = UInt32(min(max(nanoseconds * 0.016, 0), 4e9))
    self.slices = slices.map { PartSlices(units: units, $0) }
  }

  /// One part for every 4 µs of work, two from 0.2 µs on, at most 64 and at most one for each
  /// unit; an even number, so that two threads get equal shares.
  package static func parts(nanoseconds: Double, units: Int) -> Int {
    let most = nanoseconds < 200 ? 1 : max(2, Int(min(nanoseconds / 4000, 64)))
    let parts = min(most, units)
    return parts < 2 ? 1 : parts / 2 * 2
  }

  /// The instruction with its operands placed, outputs first; appends its words to the pool, and
  /// behind them the places of the operands that it has no room for.
  package func placed(at operands: [Address], in pool: inout InstructionPool) -> netc_instr {
    var result = netc_instr()
    result.op = opcode
    result.n = UInt8(truncatingIfNeeded: min(operands.count, Int(NETC_OPERANDS)))
    result.parts = parts
    result.cost = cost
    let rest = operands.dropFirst(Int(NETC_OPERANDS)).flatMap { operand in
      [Int32(operand.register), Int32(bitPattern: operand.offset)]
    }
    result.aux = pool.append(words + rest)
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

/// What each part touches of the operands. Part p of P does the units from `units * p / P` on.
package struct PartSlices: Hashable, Sendable {
  /// A unit in an operand: unit u is the bytes `start + u * stride ..< start + (u + 1) * stride -
  /// gap` behind the operand's first.
  package struct Unit: Hashable, Sendable {
    package var stride: Int
    package var gap = 0
    package var start = 0
  }

  /// All units of the instruction.
  package var units: Int
  /// By operand; nil where each part may touch all of it.
  package var operands: [Unit?]

  package init(units: Int, _ operands: [Unit?]) {
    self.units = units
    self.operands = operands
  }

  /// A unit of that many bytes; nil for none.
  static func dense(_ bytes: Int) -> Unit? { bytes > 0 ? Unit(stride: bytes) : nil }

  /// `rows` rows of `count` elements of `size` bytes that lie `pitch` elements apart, from element
  /// `start` on; nil where they overlap or lie backwards.
  static func rows(_ rows: Int, of count: Int, pitch: Int, size: Int, start: Int = 0) -> Unit? {
    guard pitch >= count, pitch > 0 else { return nil }
    return Unit(stride: rows * pitch * size, gap: (pitch - count) * size, start: start * size)
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
