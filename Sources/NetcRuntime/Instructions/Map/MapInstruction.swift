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
    let time = steps.reduce(0.05) { $0 + $1.operation.nanoseconds }
    let block = dimensions.last.map { $0 <= 512 ? max(1, 512 / max($0, 1)) * $0 : 512 } ?? 512
    return InstructionCode(
      opcode: Int(NETC_MAP), words: words,
      nanoseconds: 20 + Double(count) * time * precision.slowdown,
      units: (count + block - 1) / max(block, 1))
  }
}
