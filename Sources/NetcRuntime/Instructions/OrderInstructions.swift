import CNetc
package import NetcCore
package import NetcGraph

/// The position of the first maximum along one axis of three.
package struct ArgMaxInstruction: DefinedInstruction {
  package static let name = "argmax"
  package static let summary =
    "Finds the first maximum along n of x[outer, n, inner]; a NaN counts as one."

  package var axes: ThreeAxes
  /// float or int.
  package var type: ElementType

  package init(axes: ThreeAxes, type: ElementType = .float) {
    self.axes = axes
    self.type = type
  }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let split = axes.split
    return InstructionCode(
      opcode: Int(NETC_ARGMAX), words: axes.words + [split.word, type.kernelKind],
      nanoseconds: 10 + Double(axes.count), units: split.units)
  }

  package var operands: [OperandView] {
    [OperandView(.int, [axes.outer, axes.inner]), OperandView(type, axes.shape)]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.argmax(inputs[0], axis: 1)] }

  package static var samples: [ArgMaxInstruction] {
    ThreeAxes.samples.flatMap { axes in
      [ElementType.float, .int].map { ArgMaxInstruction(axes: axes, type: $0) }
    }
  }
}

/// The stable order of the elements along one axis of three.
package struct ArgSortInstruction: Instruction {
  package static let name = "argsort"
  package static let summary =
    "Gives the indices that sort x[outer, n, inner] along n, stable, NaN last."

  package var axes: ThreeAxes
  package var descending: Bool

  package init(axes: ThreeAxes, descending: Bool) {
    self.axes = axes
    self.descending = descending
  }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let split = axes.split
    return InstructionCode(
      opcode: Int(NETC_ARGSORT), words: axes.words + [split.word, descending ? 1 : 0],
      nanoseconds: 10 + 30 * Double(axes.count), units: split.units)
  }
}

/// Running sums along one axis of three.
package struct CumulativeSumInstruction: DefinedInstruction {
  package static let name = "cumsum"
  package static let summary = "Sums x[outer, n, inner] up to each place of n, from either end."

  package var axes: ThreeAxes
  /// Whether sums start at the end.
  package var reverse: Bool
  /// Whether an element is left out of its own sum.
  package var exclusive: Bool
  /// float or int.
  package var type: ElementType

  package init(axes: ThreeAxes, reverse: Bool, exclusive: Bool, type: ElementType = .float) {
    self.axes = axes
    self.reverse = reverse
    self.exclusive = exclusive
    self.type = type
  }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let split = axes.split
    let flags: [Int32] = [split.word, reverse ? 1 : 0, exclusive ? 1 : 0, type.kernelKind]
    return InstructionCode(
      opcode: Int(NETC_CUMSUM), words: axes.words + flags,
      nanoseconds: 10 + Double(axes.count), units: split.units)
  }

  package var operands: [OperandView] {
    [OperandView(type, axes.shape), OperandView(type, axes.shape)]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    [b.cumsum(inputs[0], axis: 1, reverse: reverse, exclusive: exclusive)]
  }

  package static var samples: [CumulativeSumInstruction] {
    ThreeAxes.samples.flatMap { axes in
      (0..<8).map {
        CumulativeSumInstruction(
          axes: axes, reverse: $0 & 1 > 0, exclusive: $0 & 2 > 0, type: $0 & 4 > 0 ? .int : .float)
      }
    }
  }
}
