import CNetc
package import NetcCore

/// A strided copy: transpose, slice, reverse, broadcast, the inside of a pad, a piece of a concatenation.
package struct CopyInstruction: Instruction {
  package static let name = "copy"
  package static let summary = "Copies a strided array into another; strides may be 0 or negative."

  /// Where each element of a box lies in an array: `start + Σ index * stride`, in elements.
  package struct View: Hashable, Sendable {
    package var start: Int
    package var strides: [Int]

    package init(start: Int = 0, strides: [Int]) {
      self.start = start
      self.strides = strides
    }
  }

  package var type: ElementType
  /// Sizes of the box, outermost first, after collapsing.
  package let dimensions: [Int]
  package let output: View
  package let input: View

  /// - Returns: nil when more than `NETC_COPY_RANK` dimensions are left after collapsing.
  package init?(type: ElementType, shape: [Int], output: View, input: View) {
    let (dimensions, strides) = MapBuilder.collapse(shape, [output.strides, input.strides])
    guard dimensions.count <= Int(NETC_COPY_RANK) else { return nil }
    self.type = type
    self.dimensions = dimensions
    self.output = View(start: output.start, strides: strides[0])
    self.input = View(start: input.start, strides: strides[1])
  }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    var words: [Int32] = []
    words.append(count: type.bytes(in: precision))
    words.append(count: dimensions.count)
    words.append(count: output.start)
    words.append(count: input.start)
    for list in [dimensions, output.strides, input.strides] {
      for value in list { words.append(count: value) }
    }
    let count = dimensions.reduce(1, *)
    let dense = output.strides.last == 1 && input.strides.last == 1
    return InstructionCode(
      opcode: Int(NETC_COPY), words: words,
      nanoseconds: 10 + (dense ? 0.1 : 0.8) * Double(count),
      units: dimensions.count > 1 ? count / max(1, dimensions.last ?? 1) : 1)
  }
}

/// One value in every element.
package struct FillInstruction: Instruction {
  package static let name = "fill"
  package static let summary = "Sets every element to a constant, times a host scalar if one is named."

  package var type: ElementType
  package var count: Int
  package var value: Double
  package var slot: Int?

  package init(type: ElementType, count: Int, value: Double, slot: Int? = nil) {
    self.type = type
    self.count = count
    self.value = value
    self.slot = slot
  }

  package var inputs: Int { 0 }

  package func code(_ precision: Precision) -> InstructionCode {
    var words = [type.kernelKind]
    words.append(count: count)
    words.append(real: value)
    words.append(count: slot ?? -1)
    return InstructionCode(
      opcode: Int(NETC_FILL), words: words, nanoseconds: 5 + 0.05 * Double(count),
      units: (count + 1023) / 1024)
  }
}
