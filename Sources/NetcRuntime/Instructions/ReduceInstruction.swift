import CNetc
package import NetcCore
package import NetcGraph

/// Sums or maxima along one axis of three; sums of reals may be scaled and added to the output.
package struct ReduceInstruction: DefinedInstruction {
  package static let name = "reduce"
  package static let summary =
    "Sums x[outer, n, inner] over n, or takes the maximum; NaN passes a maximum."

  package enum Operation: Int32, CaseIterable, Sendable {
    case sum = 0
    case maximum = 1
  }

  package var axes: ThreeAxes
  package var operation: Operation
  /// float or int.
  package var type: ElementType
  /// What a sum of reals is multiplied by.
  package var factor = GemmInstruction.Factor(1)
  /// Whether it is added to what the output holds.
  package var adds = false

  package init(axes: ThreeAxes, operation: Operation, type: ElementType = .float) {
    self.axes = axes
    self.operation = operation
    self.type = type
  }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let split = axes.split
    let size = type.bytes(in: precision)
    var words = axes.words + [split.word, operation.rawValue, type.kernelKind]
    words.append(real: factor.value)
    words.append(count: factor.slot ?? -1)
    words.append(adds ? 1 : 0)
    return InstructionCode(
      opcode: Int(NETC_REDUCE), words: words,
      nanoseconds: 10 + 0.06 * Double(axes.count) * precision.slowdown, units: split.units,
      slices: split.word == 0
        ? [axes.inner, axes.n * axes.inner].map { PartSlices.dense($0 * size) } : nil)
  }

  package var operands: [OperandView] {
    [OperandView(type, [axes.outer, axes.inner]), OperandView(type, axes.shape)]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    if operation == .maximum { return [b.reduceMax(inputs[0], axes: [1])] }
    var sum = b.reduceSum(inputs[0], axes: [1])
    if type == .float {
      sum = b.scaled(sum, factor.value * (factor.slot.map { slots[$0] } ?? 1))
    }
    return [adds ? b.add(sum, inputs[1]) : sum]
  }

  package var readsOutput: Bool { adds }

  package static var samples: [ReduceInstruction] {
    ThreeAxes.samples.flatMap { axes in
      Operation.allCases.flatMap { operation in
        [ElementType.float, .int].map {
          ReduceInstruction(axes: axes, operation: operation, type: $0)
        }
      }
    }
      + ThreeAxes.samples.enumerated().map { place, axes in
        var sample = ReduceInstruction(axes: axes, operation: .sum)
        sample.factor = GemmInstruction.Factor(-0.25, slot: place % 2 == 0 ? 1 : nil)
        sample.adds = place % 3 != 0
        return sample
      }
  }
}
