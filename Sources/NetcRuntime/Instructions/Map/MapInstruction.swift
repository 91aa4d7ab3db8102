import CNetc
package import NetcCore

/// A fused elementwise program over one index space.
package struct MapInstruction: DefinedInstruction {
  package static let name = "map"
  package static let summary =
    "Runs a program of elementwise operations over blocks of an index space."

  /// One operand: its type and its stride, in elements, along each collapsed dimension.
  package struct Operand: Hashable, Sendable {
    package var type: ElementType
    package var strides: [Int]
  }

  /// A value that is the same for every element: `value * slots[slot]`, or `value` without a slot.
  package struct Scalar: Hashable, Sendable {
    package var type: ElementType
    package var value: Double
    package var slot: Int?
  }

  /// An output that holds sums of a register: along each row of `length` elements of the index
  /// space, or over the rows of each group of 64 rows.
  package struct Tail: Hashable, Sendable {
    package var register: Int
    package var operand: Int
    package var sumsRows: Bool
  }

  /// One step: `result` and operands are registers: operands, then scalars, then temporaries.
  package struct Step: Hashable, Sendable {
    package var operation: MicroOperation
    package var result: Int
    package var operands: [Int]
  }

  /// The collapsed index space, outermost dimension first.
  package var dimensions: [Int]
  package var outputs: Int
  /// Outputs, then inputs.
  package var places: [Operand]
  package var scalars: [Scalar]
  package var registers: Int
  package var steps: [Step]
  /// The last outputs; one row of all of them has `length` elements.
  package var tails: [Tail] = []
  package var length = 1
  /// Inputs whose strides equal those of output 0 and whose element size is the same.
  package var inPlaceInputs: [Int]

  package var inputs: Int { places.count - outputs }

  /// Elements of the index space.
  package var count: Int { dimensions.reduce(1, *) }

  package func code(_ precision: Precision) -> InstructionCode {
    var words: [Int32] = []
    words.append(count: dimensions.count)
    words.append(count: outputs)
    words.append(count: places.count)
    words.append(count: scalars.count)
    words.append(count: registers)
    words.append(count: steps.count)
    words.append(count: tails.count)
    words.append(count: length)
    for size in dimensions { words.append(count: size) }
    for operand in places {
      words.append(operand.type.kernelKind)
      for stride in operand.strides { words.append(count: stride) }
    }
    for scalar in scalars {
      words.append(scalar.type.kernelKind)
      words.append(real: scalar.value)
      words.append(count: scalar.slot ?? -1)
    }
    for step in steps {
      words.append(Int32(step.operation.rawValue) | Int32(step.result) << 16)
      var packed: Int32 = 0
      for (k, register) in step.operands.enumerated() {
        packed |= Int32(register) << (8 * Int32(k))
      }
      words.append(packed)
    }
    for tail in tails {
      words.append(count: tail.register)
      words.append(count: tail.operand)
      words.append(tail.sumsRows ? 1 : 0)
    }
    let time = steps.reduce(0.05 + 0.05 * Double(tails.count)) { $0 + $1.operation.nanoseconds }
    let unit = tails.isEmpty ? block : length * MapInstruction.rowGroup
    return InstructionCode(
      opcode: Int(NETC_MAP), words: words,
      nanoseconds: 20 + Double(count) * time * precision.slowdown,
      units: (count + unit - 1) / max(unit, 1), slices: slices(unit: unit, precision))
  }

  /// Elements that a program works on at a time: as many of the last dimension as the kernel takes.
  private var block: Int {
    let most = Int(NETC_MAP_BLOCK)
    guard let last = dimensions.last, last > 0, last <= most else { return most }
    var step = last
    while step % 16 != 0, step * 2 <= most { step *= 2 }
    if step % 16 != 0 { step = last }
    return most / step * step
  }

  /// Parts are blocks, or groups of rows with tails: dense operands and tails are divided as they
  /// are, others where blocks are whole rows.
  private func slices(unit: Int, _ precision: Precision) -> [PartSlices.Unit?] {
    let dense = MapBuilder.denseStrides(dimensions)
    // With gaps between rows the kernel chooses its blocks.
    let hasGaps = places.contains { operand in
      operand.strides.last == 1 && operand.strides != dense
        && operand.strides.dropLast().contains { $0 != 0 }
    }
    if hasGaps && tails.isEmpty { return places.map { _ in nil } }
    var slices = places.map { operand -> PartSlices.Unit? in
      let size = operand.type.bytes(in: precision)
      if operand.strides == dense { return PartSlices.dense(unit * size) }
      guard dimensions.count == 2, dimensions[1] > 0, unit % dimensions[1] == 0 else { return nil }
      let (count, row) = (dimensions[1], operand.strides[1])
      guard row == 0 || row == 1 else { return nil }
      return PartSlices.rows(
        unit / count, of: row == 1 ? count : 1, pitch: operand.strides[0], size: size)
    }
    for tail in tails {
      let size = places[tail.operand].type.bytes(in: precision)
      slices[tail.operand] =
        PartSlices.dense(size * (tail.sumsRows ? length : MapInstruction.rowGroup))
    }
    return slices
  }

  /// Rows whose sums make one row of partial sums.
  package static let rowGroup = 64
}
