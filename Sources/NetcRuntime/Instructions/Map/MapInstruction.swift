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
  /// Compared by its bits, so that -0 and 0 differ.
  package struct Scalar: Hashable, Sendable {
    package var type: ElementType
    package var value: Double
    package var slot: Int?

    package static func == (a: Self, b: Self) -> Bool {
      a.type == b.type && a.value.bitPattern == b.value.bitPattern && a.slot == b.slot
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(value.bitPattern)
      hasher.combine(slot)
    }
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
  /// Outputs that may be written before all inputs are read: they lie apart from them.
  package var separateOutputs: [Int] = []

  package var inputs: Int { places.count - outputs }

  /// Elements of the index space.
  package var count: Int { dimensions.reduce(1, *) }

  package func code(_ precision: Precision) -> InstructionCode {
    var words: [Int32] = []
    words.reserveCapacity(
      10 + dimensions.count + places.count * (1 + dimensions.count) + 4 * scalars.count
        + 2 * steps.count + 3 * tails.count)
    words.append(count: dimensions.count)
    words.append(count: outputs)
    words.append(count: places.count)
    words.append(count: scalars.count)
    words.append(count: registers)
    words.append(count: steps.count)
    words.append(count: tails.count)
    words.append(count: length)
    words.append(count: block)
    words.append(count: unit)
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
    return InstructionCode(
      opcode: Int(NETC_MAP), words: words,
      nanoseconds: 20 + Double(count) * time * precision.slowdown,
      units: (count + unit - 1) / max(unit, 1), slices: slices(precision))
  }

  /// Elements that a program works on at a time: as many of the last dimension, or of the rows of
  /// tails, as fit; one row where that saves copies.
  private var block: Int {
    let most = Int(NETC_MAP_BLOCK)
    guard let last = dimensions.last, last > 0 else { return most }
    if isByRows { return last }
    if !tails.isEmpty && length <= most { return most / length * length }
    if last > most { return most }
    var step = last
    while step % 16 != 0, step * 2 <= most { step *= 2 }
    if step % 16 != 0 { step = last }
    return most / step * step
  }

  /// Elements of the smallest part.
  private var unit: Int {
    if !tails.isEmpty { return min(length * MapInstruction.rowGroup, max(count, 1)) }
    // As products are divided, so that a thread's rows of a chain depend on no others.
    return isByRows && count / block >= 16 ? 8 * block : block
  }

  /// Whether it works on one row at a time: where operands with gaps between their rows are many
  /// for the program's steps, their registers then lie in their memory, as those of dense operands
  /// do, which saves copies and costs calls.
  private var isByRows: Bool {
    let most = Int(NETC_MAP_BLOCK)
    guard dimensions.count > 1, let last = dimensions.last, last >= 64, last <= most,
      tails.isEmpty || length == last
    else { return false }
    let dense = MapBuilder.denseStrides(dimensions)
    let sums = Set(tails.map(\.operand))
    let gaps = places.enumerated().count { place, operand in
      operand.strides.last == 1 && operand.strides != dense && !sums.contains(place)
        && (place < outputs || operand.strides.dropLast().contains { $0 != 0 })
    }
    // A copied block costs as much as about six calls.
    return gaps > 0 && gaps * 6 * last >= steps.count * (most - last)
  }

  /// Parts are units, which are whole rows where an operand is not dense.
  private func slices(_ precision: Precision) -> [PartSlices.Unit?] {
    let unit = unit
    let dense = MapBuilder.denseStrides(dimensions)
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
