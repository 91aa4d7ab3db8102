import CNetc
package import NetcCore
package import NetcGraph

/// Sums or maxima along one axis of three.
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

  package init(axes: ThreeAxes, operation: Operation, type: ElementType = .float) {
    self.axes = axes
    self.operation = operation
    self.type = type
  }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let split = axes.split
    let words = axes.words + [split.word, operation.rawValue, type.kernelKind]
    return InstructionCode(
      opcode: Int(NETC_REDUCE), words: words,
      nanoseconds: 10 + 0.06 * Double(axes.count) * precision.slowdown, units: split.units)
  }

  package var operands: [OperandView] {
    [OperandView(type, [axes.outer, axes.inner]), OperandView(type, axes.shape)]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    [operation == .sum ? b.reduceSum(inputs[0], axes: [1]) : b.reduceMax(inputs[0], axes: [1])]
  }

  package static var samples: [ReduceInstruction] {
    ThreeAxes.samples.flatMap { axes in
      Operation.allCases.flatMap { operation in
        [ElementType.float, .int].map {
          ReduceInstruction(axes: axes, operation: operation, type: $0)
        }
      }
    }
  }
}
