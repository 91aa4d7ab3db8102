import CNetc
package import NetcCore
package import NetcGraph

/// Windows over up to four dense axes after a batch, with known sizes.
package struct WindowAxes: Hashable, Sendable {
  /// One axis.
  package struct Axis: Hashable, Sendable {
    package var size = 1
    package var positions = 1
    package var window = 1
    package var stride = 1
    package var dilation = 1
    package var low = 0
  }

  package var batch: Int
  /// Four of them, outermost first.
  package var axes: [Axis]

  /// Axes of size 1 are put before fewer than four.
  package init(batch: Int, axes: [Axis]) {
    self.batch = batch
    self.axes = Array(repeating: Axis(), count: max(0, 4 - axes.count)) + axes
  }

  var words: [Int32] {
    let lists = [
      axes.map(\.size), axes.map(\.positions), axes.map(\.window), axes.map(\.stride),
      axes.map(\.dilation), axes.map(\.low),
    ]
    var words: [Int32] = []
    words.append(count: batch)
    for value in lists.joined() { words.append(count: value) }
    return words
  }

  /// The batch and the positions.
  var resultShape: [Int] { [batch] + axes.map(\.positions) }

  /// The batch and the sizes.
  var dataShape: [Int] { [batch] + axes.map(\.size) }

  func code(_ opcode: Int) -> InstructionCode {
    let count = resultShape.reduce(1, *)
    let rows = resultShape.dropLast().reduce(1, *)
    let work = Double(count) * axes.reduce(1.0) { $0 * Double($1.window) }
    return InstructionCode(
      opcode: opcode, words: words, nanoseconds: 10 + 20 * Double(rows) + work, units: rows)
  }

  /// The windows as an operation has them.
  var dimensions: WindowDimensions {
    WindowDimensions(
      batchDims: 1, window: axes.map(\.window), stride: axes.map(\.stride),
      low: axes.map { Dim($0.low) },
      high: axes.map { axis in
        let reach = (axis.window - 1) * axis.dilation + 1
        return Dim((axis.positions - 1) * axis.stride + reach - axis.size - axis.low)
      }, dilation: axes.map(\.dilation))
  }

  static var samples: [WindowAxes] {
    [
      WindowAxes(
        batch: 3,
        axes: [
          Axis(size: 6, positions: 3, window: 2, stride: 2),
          Axis(size: 9, positions: 4, window: 2, stride: 2),
        ]),
      WindowAxes(
        batch: 2,
        axes: [
          Axis(size: 5, positions: 5, window: 3, low: 1),
          Axis(size: 7, positions: 3, window: 3, stride: 3, dilation: 2, low: 2),
        ]),
      WindowAxes(batch: 1, axes: [Axis(size: 40, positions: 18, window: 4, stride: 2, low: -1)]),
      WindowAxes(batch: 2, axes: [Axis(size: 2, positions: 6, window: 2, low: 3)]),
      WindowAxes(
        batch: 1,
        axes: [
          Axis(size: 3, positions: 2, window: 2), Axis(size: 4, positions: 2, window: 3),
          Axis(size: 3, positions: 3, window: 1), Axis(size: 5, positions: 2, window: 2, stride: 3),
        ]),
      WindowAxes(batch: 0, axes: [Axis(size: 3, positions: 2, window: 2)]),
    ]
  }
}

/// The sum of the elements under each position of a window.
package struct WindowSumInstruction: DefinedInstruction {
  package static let name = "window_sum"
  package static let summary =
    "Sums the elements under each position of a window; padding adds nothing."

  package var axes: WindowAxes

  package init(axes: WindowAxes) { self.axes = axes }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode { axes.code(Int(NETC_WINDOW_SUM)) }

  package var operands: [OperandView] {
    [OperandView(.float, axes.resultShape), OperandView(.float, axes.dataShape)]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.windowSum(inputs[0], axes.dimensions)] }

  package static var samples: [WindowSumInstruction] {
    WindowAxes.samples.map { WindowSumInstruction(axes: $0) }
  }
}

/// The place of the first greatest element under each position of a window.
package struct WindowArgMaxInstruction: DefinedInstruction {
  package static let name = "window_argmax"
  package static let summary =
    "Finds the first greatest element under each position of a window; -1 under padding alone."

  package var axes: WindowAxes

  package init(axes: WindowAxes) { self.axes = axes }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    axes.code(Int(NETC_WINDOW_ARGMAX))
  }

  package var operands: [OperandView] {
    [OperandView(.int, axes.resultShape), OperandView(.float, axes.dataShape)]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.windowArgmax(inputs[0], axes.dimensions)] }

  package static var samples: [WindowArgMaxInstruction] {
    WindowAxes.samples.map { WindowArgMaxInstruction(axes: $0) }
  }
}
