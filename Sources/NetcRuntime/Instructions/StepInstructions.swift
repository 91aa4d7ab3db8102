import CNetc
package import NetcCore

/// Rows of a data column for the examples of this step.
package struct FeedInstruction: Instruction {
  package static let name = "feed"
  package static let summary = "Gathers the step's shuffled rows of a column of data."

  package var column: Int
  package var batch: Int
  package var width: Int
  package var type: ElementType

  package init(column: Int, batch: Int, width: Int, type: ElementType) {
    self.column = column
    self.batch = batch
    self.width = width
    self.type = type
  }

  package var inputs: Int { 0 }

  package func code(_ precision: Precision) -> InstructionCode {
    let words = [column, batch, width].map { Int32(clamping: $0) } + [type.kernelKind]
    return InstructionCode(
      opcode: Int(NETC_FEED), words: words,
      nanoseconds: 5 + Double(batch) * (5 + 0.3 * Double(width)), units: batch,
      slices: [PartSlices.dense(width * type.bytes(in: precision))])
  }
}

/// Moves the cursor to the next batch.
package struct NextInstruction: Instruction {
  package static let name = "next"
  package static let summary = "Advances the position in the epoch by a batch."

  package var batch: Int

  package init(batch: Int) { self.batch = batch }

  package var outputs: Int { 0 }
  package var inputs: Int { 0 }

  package func code(_ precision: Precision) -> InstructionCode {
    InstructionCode(
      opcode: Int(NETC_NEXT), words: [Int32(clamping: batch)], nanoseconds: 1, units: 1)
  }
}

/// Stops the run when a value is not finite.
package struct CheckInstruction: Instruction {
  package static let name = "check"
  package static let summary = "Sets the run's status when an element is NaN or infinite."

  package var count: Int

  package init(count: Int) { self.count = count }

  package var outputs: Int { 0 }
  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    InstructionCode(
      opcode: Int(NETC_CHECK), words: [Int32(clamping: count)],
      nanoseconds: 2 + 0.05 * Double(count), units: 1)
  }
}

/// Adds values to the run's accumulators, in double.
package struct AccumulateInstruction: Instruction {
  package static let name = "accumulate"
  package static let summary = "accumulators[index + j] += x[j] · weight · slot."

  package var index: Int
  package var count: Int
  package var type: ElementType
  package var weight: Double
  package var slot: Int?

  package init(
    index: Int, count: Int = 1, type: ElementType = .float, weight: Double = 1, slot: Int? = nil
  ) {
    self.index = index
    self.count = count
    self.type = type
    self.weight = weight
    self.slot = slot
  }

  package var outputs: Int { 0 }
  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    var words = [Int32(clamping: index), Int32(clamping: count), type.kernelKind]
    words.append(real: weight)
    words.append(count: slot ?? -1)
    return InstructionCode(
      opcode: Int(NETC_ACC), words: words, nanoseconds: 2 + Double(count), units: 1)
  }
}
