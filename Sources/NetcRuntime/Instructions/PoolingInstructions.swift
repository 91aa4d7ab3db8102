import CNetc
package import NetcCore
package import NetcGraph

/// The greatest element under each position of a window, and its place.
package struct MaxPoolInstruction: DefinedInstruction {
  package static let name = "max_pool"
  package static let summary =
    "Finds the first greatest element under each position of a window and its place."

  package var axes: WindowAxes

  package init(axes: WindowAxes) { self.axes = axes }

  package var outputs: Int { 2 }
  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode { axes.code(Int(NETC_MAX_POOL)) }

  package var operands: [OperandView] {
    [
      OperandView(.float, axes.resultShape), OperandView(.int, axes.resultShape),
      OperandView(.float, axes.dataShape),
    ]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let places = b.windowArgmax(inputs[0], axes.dimensions)
    let flat = b.reshape(
      inputs[0], to: Shape(sizes: [axes.batch, axes.dataShape.dropFirst().reduce(1, *)]))
    return [b.gather(flat, places, axis: 1, batchDims: 1), places]
  }

  package static var samples: [MaxPoolInstruction] {
    WindowAxes.poolingSamples.map { MaxPoolInstruction(axes: $0) }
  }
}

/// The adjoint of the greatest elements: each result's goes to its place.
package struct MaxPoolAdjointInstruction: DefinedInstruction {
  package static let name = "max_pool_adjoint"
  package static let summary =
    "Adds the adjoint of each greatest element at its place, 0 elsewhere."

  package var axes: WindowAxes

  package init(axes: WindowAxes) { self.axes = axes }

  package var inputs: Int { 2 }

  package func code(_ precision: Precision) -> InstructionCode {
    let count = Double(axes.dataShape.reduce(1, *)), places = Double(axes.resultShape.reduce(1, *))
    return InstructionCode(
      opcode: Int(NETC_MAX_POOL_ADJ), words: axes.words,
      nanoseconds: 50 + 0.05 * count + places, units: axes.batch)
  }

  package var operands: [OperandView] {
    [
      OperandView(.float, axes.dataShape), OperandView(.int, axes.resultShape),
      OperandView(.float, axes.resultShape),
    ]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let zeros = b.zeros(
      Shape(sizes: [axes.batch, axes.dataShape.dropFirst().reduce(1, *)]))
    let sums = b.scatterAdd(zeros, inputs[0], inputs[1], axis: 1, batchDims: 1)
    return [b.reshape(sums, to: Shape(sizes: axes.dataShape))]
  }

  package static var samples: [MaxPoolAdjointInstruction] {
    WindowAxes.poolingSamples.map { MaxPoolAdjointInstruction(axes: $0) }
  }
}

extension WindowAxes {
  /// The windows of all kinds, and channels innermost.
  fileprivate static var poolingSamples: [WindowAxes] {
    samples + [
      WindowAxes(
        batch: 2,
        axes: [
          Axis(size: 6, positions: 3, window: 2, stride: 2),
          Axis(size: 5, positions: 3, window: 3, stride: 2, low: 1),
          Axis(size: 37, positions: 37),
        ]),
      WindowAxes(
        batch: 1,
        axes: [Axis(size: 3, positions: 3, window: 2, low: 2), Axis(size: 8, positions: 8)]),
    ]
  }
}
