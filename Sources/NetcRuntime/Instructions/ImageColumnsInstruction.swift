import CNetc
package import NetcCore
package import NetcGraph

/// The elements under each place of a window at each of its positions: a convolution's input as a
/// matrix.
///
/// The input has three axes after group, outer and feature. Each place of the output on one of them
/// is a pair (a, b) and reads element `(a * aStep + b * bStep - low) / spread`, 0 where there is
/// none: one of a and b is the place in the window, the other the window's position.
package struct ImageColumnsInstruction: DefinedInstruction {
  package static let name = "image_columns"
  package static let summary =
    "Writes the elements under each place of a window at each position, 0 for padding."

  /// One axis of the input.
  package struct Axis: Hashable, Sendable {
    package var a = 1
    package var b = 1
    package var aStep = 1
    package var bStep = 1
    package var size = 1
    package var spread = 1
    package var low = 0
  }

  /// Group, outer, feature.
  package var outer: [Int]
  /// Three of them.
  package var axes: [Axis]
  /// Of group, outer, feature and the three axes.
  package var inputStrides: [Int]
  /// Of group, outer, feature, a of the three axes, b of the three axes.
  package var outputStrides: [Int]

  /// The sizes of the output.
  package var dimensions: [Int] { outer + axes.map(\.a) + axes.map(\.b) }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let lists = [
      dimensions, axes.map(\.aStep), axes.map(\.bStep), axes.map(\.size), axes.map(\.spread),
      axes.map(\.low), inputStrides, outputStrides,
    ]
    var words: [Int32] = []
    for value in lists.joined() { words.append(count: value) }
    let count = dimensions.reduce(1, *)
    let isSpread = axes.contains { $0.spread > 1 }
    let rows = dimensions.dropLast().reduce(1, *)
    return InstructionCode(
      opcode: Int(NETC_IM2COL), words: words,
      nanoseconds: 10 + 20 * Double(rows) + (isSpread ? 2 : 0.2) * Double(count), units: rows)
  }

  package var operands: [OperandView] {
    [
      OperandView(.float, dimensions, strides: outputStrides),
      OperandView(.float, outer + axes.map(\.size), strides: inputStrides),
    ]
  }

  /// A convolution with one kernel for each place a, which is 1 there and 0 elsewhere.
  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let places = axes.map(\.a).reduce(1, *)
    var ones = [Double](repeating: 0, count: places * places)
    for place in 0..<places { ones[place * places + place] = 1 }
    let kernel = b.constant(
      ones, TensorType(.float, Shape(sizes: [places, 1] + axes.map(\.a))))
    let whole = outer.reduce(1, *)
    let flat = b.reshape(inputs[0], to: Shape(sizes: [whole, 1] + axes.map(\.size)))
    let high = axes.map { axis in
      (axis.a - 1) * axis.aStep + (axis.b - 1) * axis.bStep - axis.low
        - (axis.size - 1) * axis.spread
    }
    let made = b.convolution(
      flat, kernel,
      ConvolutionDimensions(
        stride: axes.map(\.bStep), low: axes.map { Dim($0.low) }, high: high.map { Dim($0) },
        lhsDilation: axes.map(\.spread), rhsDilation: axes.map(\.aStep)))
    return [b.reshape(made, to: Shape(sizes: dimensions))]
  }

  package static var samples: [ImageColumnsInstruction] {
    let one = Axis()
    let calls: [([Int], [Axis])] = [
      ([1, 2, 3], [one, one, Axis(a: 3, b: 5, size: 7)]),
      (
        [2, 1, 2],
        [one, Axis(a: 2, b: 4, bStep: 2, size: 6, low: 1), Axis(a: 3, b: 6, size: 4, low: 2)]
      ),
      ([1, 1, 2], [one, one, Axis(a: 3, b: 4, aStep: 2, bStep: 3, size: 6, spread: 2, low: -1)]),
      (
        [1, 2, 1],
        [
          Axis(a: 2, b: 2, size: 3), Axis(a: 2, b: 3, size: 2, spread: 3, low: 1),
          Axis(a: 40, b: 2, bStep: 2, size: 30, low: 4),
        ]
      ),
      ([1, 1, 1], [one, one, Axis(a: 1, b: 3, size: 2, low: 5)]),
      ([0, 2, 1], [one, one, one]),
    ]
    return calls.flatMap { outer, axes in
      [false, true].map { isTurned in
        let sizes = outer + axes.map(\.a) + axes.map(\.b)
        let order = isTurned ? [0, 2, 6, 7, 8, 1, 3, 4, 5] : Array(sizes.indices)
        return ImageColumnsInstruction(
          outer: outer, axes: axes,
          inputStrides: strides(
            outer + axes.map(\.size), isTurned ? [5, 4, 3, 2, 1, 0] : [0, 1, 2, 3, 4, 5]),
          outputStrides: strides(sizes, order))
      }
    }
  }

  /// How far apart neighbours lie when the axes are stored in the given order, outermost first.
  static func strides(_ sizes: [Int], _ order: [Int]) -> [Int] {
    var result = sizes
    for (axis, stride) in zip(order, MapBuilder.denseStrides(order.map { sizes[$0] })) {
      result[axis] = stride
    }
    return result
  }
}
