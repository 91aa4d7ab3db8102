import CNetc
package import NetcCore
package import NetcGraph

/// softmax or log-softmax of each row of [rows, n], by subtracting the row's maximum.
package struct SoftmaxInstruction: DefinedInstruction {
  package static let name = "softmax"
  package static let summary = "exp(x - max) / sum of each row, or its logarithm."

  package var rows: Int
  package var n: Int
  package var logarithm: Bool
  /// With a period only the first r mod period + 1 elements of row r count; the rest gives 0.
  package var period = 0

  package init(rows: Int, n: Int, logarithm: Bool = false) {
    self.rows = rows
    self.n = n
    self.logarithm = logarithm
  }

  package var inputs: Int { 1 }
  package var inPlaceInputs: [Int] { [0] }

  package func code(_ precision: Precision) -> InstructionCode {
    InstructionCode(
      opcode: Int(NETC_SOFTMAX),
      words: [
        Int32(clamping: rows), Int32(clamping: n), logarithm ? 1 : 0, Int32(clamping: period),
      ],
      nanoseconds: 10 + Double(rows) * (10 + 0.4 * Double(n)) * precision.slowdown, units: rows,
      slices: operands.map { PartSlices.dense($0.strides[0] * $0.type.bytes(in: precision)) })
  }

  package var operands: [OperandView] {
    [OperandView(.float, [rows, n]), OperandView(.float, [rows, n])]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let shape = b.shape(of: inputs[0])
    let x = SoftmaxInstruction.seen(&b, inputs[0], period, otherwise: -1e30)
    let most = b.broadcast(b.reduceMax(x, axes: [1]), to: shape, axes: [0])
    let shifted = b.subtract(x, most)
    let exponentials = b.exponential(shifted)
    let sum = b.broadcast(b.reduceSum(exponentials, axes: [1]), to: shape, axes: [0])
    return [logarithm ? b.subtract(shifted, b.log(sum)) : b.divide(exponentials, sum)]
  }

  /// The elements that count, and a number for the others.
  static func seen(
    _ b: inout GraphBuilder, _ x: ValueID, _ period: Int, otherwise: Double
  ) -> ValueID {
    if period == 0 { return x }
    let shape = b.shape(of: x)
    let row = b.remainder(b.iota(shape, axis: 0), b.constant(Double(period), shape, element: .int))
    let isSeen = b.compare(.le, b.iota(shape, axis: 1), row)
    return b.select(isSeen, x, b.constant(otherwise, shape))
  }

  package static var samples: [SoftmaxInstruction] {
    SoftmaxInstruction.shapes.flatMap { shape in
      [false, true].map { SoftmaxInstruction(rows: shape.0, n: shape.1, logarithm: $0) }
    }
      + SoftmaxInstruction.periods.map { rows, n, period in
        var sample = SoftmaxInstruction(rows: rows, n: n)
        sample.period = period
        return sample
      }
  }

  /// Rows, lengths and periods: square blocks, fewer and more rows than elements.
  static let periods = [(20, 5, 5), (40, 20, 20), (9, 17, 3), (12, 2, 4)]

  /// Rows and lengths around the vectors' width.
  static let shapes = [(1, 1), (7, 10), (3, 16), (5, 33), (2, 1500), (0, 4)]
}

/// The adjoint of `SoftmaxInstruction` from its result y: inputs y and dy.
package struct SoftmaxAdjointInstruction: DefinedInstruction {
  package static let name = "softmax_adjoint"
  package static let summary = "y (dy - Σ dy y) of each row, or dy - exp(y) Σ dy for the logarithm."

  package var rows: Int
  package var n: Int
  package var logarithm: Bool
  /// With a period only the first r mod period + 1 elements of row r count; the rest gives 0.
  package var period = 0

  package init(rows: Int, n: Int, logarithm: Bool = false) {
    self.rows = rows
    self.n = n
    self.logarithm = logarithm
  }

  package var inputs: Int { 2 }
  package var inPlaceInputs: [Int] { [0, 1] }

  package func code(_ precision: Precision) -> InstructionCode {
    InstructionCode(
      opcode: Int(NETC_SOFTMAX_ADJ),
      words: [
        Int32(clamping: rows), Int32(clamping: n), logarithm ? 1 : 0, Int32(clamping: period),
      ],
      nanoseconds: 10 + Double(rows) * (10 + 0.3 * Double(n)) * precision.slowdown, units: rows,
      slices: operands.map { PartSlices.dense($0.strides[0] * $0.type.bytes(in: precision)) })
  }

  package var operands: [OperandView] {
    Array(repeating: OperandView(.float, [rows, n]), count: 3)
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let (y, dy) = (inputs[0], inputs[1])
    let shape = b.shape(of: y)
    let terms = logarithm ? dy : b.multiply(y, dy)
    let counted = SoftmaxInstruction.seen(&b, terms, period, otherwise: 0)
    let sum = b.broadcast(b.reduceSum(counted, axes: [1]), to: shape, axes: [0])
    let dx =
      logarithm
      ? b.subtract(dy, b.multiply(b.exponential(y), sum)) : b.multiply(y, b.subtract(dy, sum))
    return [SoftmaxInstruction.seen(&b, dx, period, otherwise: 0)]
  }

  package static var samples: [SoftmaxAdjointInstruction] {
    SoftmaxInstruction.shapes.flatMap { shape in
      [false, true].map { SoftmaxAdjointInstruction(rows: shape.0, n: shape.1, logarithm: $0) }
    }
      + SoftmaxInstruction.periods.map { rows, n, period in
        var sample = SoftmaxAdjointInstruction(rows: rows, n: n)
        sample.period = period
        return sample
      }
  }
}
