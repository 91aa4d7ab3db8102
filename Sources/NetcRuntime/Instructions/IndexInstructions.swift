import CNetc
package import NetcCore
package import NetcGraph

/// How an indexed axis lies in an array: data [batch, outer, axis, inner], indices [batch, count].
package struct IndexedAxes: Hashable, Sendable {
  package var batch: Int
  package var outer: Int
  package var axis: Int
  package var count: Int
  package var inner: Int

  package init(batch: Int, outer: Int, axis: Int, count: Int, inner: Int) {
    self.batch = batch
    self.outer = outer
    self.axis = axis
    self.count = count
    self.inner = inner
  }

  /// The shape of the data.
  var dataShape: [Int] { [batch, outer, axis, inner] }

  /// A table, columns of a matrix, a batch of tables, nothing.
  static var samples: [IndexedAxes] {
    [
      (1, 1, 6, 9, 5), (1, 4, 5, 3, 1), (3, 1, 4, 6, 20), (2, 3, 4, 5, 17), (1, 1, 5, 0, 3),
      (1, 1, 3, 40, 100),
    ].map { IndexedAxes(batch: $0.0, outer: $0.1, axis: $0.2, count: $0.3, inner: $0.4) }
  }

  var words: [Int32] { [batch, outer, axis, count, inner].map { Int32(clamping: $0) } }
}

/// Rows by index: y[b, o, i, :] = x[b, o, indices[b, i], :], 0 where an index is out of range.
package struct GatherInstruction: DefinedInstruction {
  package static let name = "gather"
  package static let summary = "Reads rows by index; an index out of range reads 0."

  package var axes: IndexedAxes
  /// The type of the data.
  package var type: ElementType

  package init(axes: IndexedAxes, type: ElementType = .float) {
    self.axes = axes
    self.type = type
  }

  package var inputs: Int { 2 }

  package func code(_ precision: Precision) -> InstructionCode {
    let rows = axes.batch * axes.outer * axes.count
    return InstructionCode(
      opcode: Int(NETC_GATHER), words: axes.words + [Int32(type.bytes(in: precision))],
      nanoseconds: 10 + Double(rows) * (3 + 0.1 * Double(axes.inner)), units: rows,
      slices: [PartSlices.dense(axes.inner * type.bytes(in: precision)), nil, nil])
  }

  package var operands: [OperandView] {
    [
      OperandView(type, [axes.batch, axes.outer, axes.count, axes.inner]),
      OperandView(type, axes.dataShape), OperandView(.int, [axes.batch, axes.count]),
    ]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.gather(inputs[0], inputs[1], axis: 2, batchDims: 1)] }

  package static var samples: [GatherInstruction] {
    IndexedAxes.samples.flatMap { axes in
      ElementType.allCases.map { GatherInstruction(axes: axes, type: $0) }
    }
  }
}

/// Adds rows by index to what the output holds: y[b, o, indices[b, i], :] += u[b, o, i, :].
///
/// Contributions to one element are added in the order of i.
package struct ScatterAddInstruction: DefinedInstruction {
  package static let name = "scatter_add"
  package static let summary =
    "Adds rows to those an index names; an index out of range adds nothing."

  package var axes: IndexedAxes
  /// float or int, which wraps.
  package var type: ElementType

  package init(axes: IndexedAxes, type: ElementType = .float) {
    self.axes = axes
    self.type = type
  }

  package var inputs: Int { 2 }

  package func code(_ precision: Precision) -> InstructionCode {
    let blocks = axes.batch * axes.outer
    let byBlock = blocks >= 8 || blocks * 16 >= axes.inner
    let rows = Double(blocks * axes.count)
    return InstructionCode(
      opcode: Int(NETC_SCATTER_ADD), words: axes.words + [byBlock ? 0 : 1, type.kernelKind],
      nanoseconds: 10 + rows * (3 + 0.1 * Double(axes.inner)),
      units: byBlock ? blocks : (axes.inner + 15) / 16)
  }

  package var operands: [OperandView] {
    [
      OperandView(type, axes.dataShape), OperandView(.int, [axes.batch, axes.count]),
      OperandView(type, [axes.batch, axes.outer, axes.count, axes.inner]),
    ]
  }

  package var readsOutput: Bool { true }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.scatterAdd(inputs[2], inputs[0], inputs[1], axis: 2, batchDims: 1)] }

  package static var samples: [ScatterAddInstruction] {
    IndexedAxes.samples.flatMap { axes in
      [ElementType.float, .int].map { ScatterAddInstruction(axes: axes, type: $0) }
    }
  }
}
