import CNetc
package import NetcCore

/// Sums or maxima along one axis of three.
package struct ReduceInstruction: Instruction {
  package static let name = "reduce"
  package static let summary = "Sums x[outer, n, inner] over n, or takes the maximum; NaN passes a maximum."

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
}
