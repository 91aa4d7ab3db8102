import CNetc
package import NetcCore
package import NetcGraph

/// A strided copy: transpose, slice, reverse, broadcast, the inside of a pad, a piece of a
/// concatenation.
package struct CopyInstruction: DefinedInstruction {
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
    let (dimensions, strides) = rows
    var words: [Int32] = []
    words.append(count: type.bytes(in: precision))
    words.append(count: dimensions.count)
    words.append(count: output.start)
    words.append(count: input.start)
    for list in [dimensions] + strides {
      for value in list { words.append(count: value) }
    }
    let count = dimensions.reduce(1, *)
    let dense = strides.allSatisfy { $0.last == 1 }
    let slices = zip(strides, [output, input]).map { strides, view -> PartSlices.Unit? in
      guard dimensions.count == 2, strides[1] == 1 else { return nil }
      return PartSlices.rows(
        1, of: dimensions[1], pitch: strides[0], size: type.bytes(in: precision), start: view.start)
    }
    return InstructionCode(
      opcode: Int(NETC_COPY), words: words,
      nanoseconds: 10 + (dense ? 0.1 : 0.8) * Double(count),
      units: dimensions.count > 1 ? count / max(1, dimensions.last ?? 1) : 1, slices: slices)
  }

  /// The sizes and strides of both operands; a long run as rows, which parts can divide.
  private var rows: (dimensions: [Int], strides: [[Int]]) {
    let strides = [output.strides, input.strides]
    guard dimensions.count == 1, let count = dimensions.first,
      let row = [512, 256, 128, 64].first(where: { count % $0 == 0 && count > $0 })
    else { return (dimensions, strides) }
    return ([count / row, row], strides.map { [$0[0] * row, $0[0]] })
  }

  package var operands: [OperandView] {
    [
      OperandView(type, dimensions, strides: output.strides, start: output.start),
      OperandView(type, dimensions, strides: input.strides, start: input.start),
    ]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.identity(inputs[0])] }

  package static var samples: [CopyInstruction] {
    let boxes: [([Int], View, View)] = [
      ([5, 7], View(strides: [7, 1]), View(strides: [1, 5])),
      ([4, 3, 6], View(strides: [18, 6, 1]), View(start: 71, strides: [-18, -6, -1])),
      ([3, 4], View(start: 5, strides: [9, 2]), View(strides: [4, 1])),
      ([6, 2, 3], View(strides: [6, 3, 1]), View(strides: [0, 1, 0])),
      (
        [2, 3, 2, 2, 3, 2, 2, 2], View(strides: [288, 96, 48, 24, 8, 4, 2, 1]),
        View(strides: [1, 2, 6, 12, 24, 72, 144, 288])
      ),
      ([], View(start: 3, strides: []), View(start: 1, strides: [])),
      ([40, 33], View(strides: [33, 1]), View(strides: [1, 40])),
      ([0, 3], View(strides: [3, 1]), View(strides: [3, 1])),
    ]
    return boxes.flatMap { box in
      ElementType.allCases.compactMap {
        CopyInstruction(type: $0, shape: box.0, output: box.1, input: box.2)
      }
    }
  }
}

/// One value in every element.
package struct FillInstruction: DefinedInstruction {
  package static let name = "fill"
  package static let summary =
    "Sets every element to a constant, times a host scalar if one is named."

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
    var code = InstructionCode(
      opcode: Int(NETC_FILL), words: words, nanoseconds: 5 + 0.05 * Double(count),
      units: (count + 1023) / 1024)
    code.slices = PartSlices(units: count, [PartSlices.dense(type.bytes(in: precision))])
    return code
  }

  package var operands: [OperandView] { [OperandView(type, [count])] }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let factor = slot.map { slots[$0] } ?? 1
    return [b.constant(value * factor, Shape(sizes: [count]), element: type)]
  }

  package static var samples: [FillInstruction] {
    [0, 1, 37, 3000].flatMap { count in
      [
        FillInstruction(type: .float, count: count, value: 0.1),
        FillInstruction(type: .float, count: count, value: 3, slot: 1),
        FillInstruction(type: .int, count: count, value: -7),
        FillInstruction(type: .bool, count: count, value: 1),
      ]
    }
  }
}
