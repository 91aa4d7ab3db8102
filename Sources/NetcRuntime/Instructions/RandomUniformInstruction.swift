import CNetc
package import NetcCore

/// Uniform numbers in [0, 1) by Philox4x32-10, keyed by the run's seed and a site.
package struct RandomUniformInstruction: Instruction {
  package static let name = "random_uniform"
  package static let summary =
    "Draws from [0, 1) by counter, as `Philox` does for a site, a seed and a step."

  package var count: Int
  /// `Philox.hash` of the site's name; the run's seed is mixed in.
  package var key: UInt64
  /// Whether an int scalar is added to every position.
  package var offset: Bool

  package init(count: Int, key: UInt64, offset: Bool = false) {
    self.count = count
    self.key = key
    self.offset = offset
  }

  package var inputs: Int { offset ? 1 : 0 }

  package func code(_ precision: Precision) -> InstructionCode {
    let words = [
      Int32(clamping: count), Int32(truncatingIfNeeded: key), Int32(truncatingIfNeeded: key >> 32),
    ]
    return InstructionCode(
      opcode: Int(NETC_RANDOM), words: words, nanoseconds: 10 + 2 * Double(count),
      units: (count + 255) / 256)
  }
}
