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
      words: [Int32(clamping: rows), Int32(clamping: n), logarithm ? 1 : 0],
      nanoseconds: 10 + Double(rows) * (10 + 0.4 * Double(n)) * precision.slowdown, units: rows)
  }

  package var operands: [OperandView] {
    [OperandView(.float, [rows, n]), OperandView(.float, [rows, n])]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let shape = b.shape(of: inputs[0])
    let most = b.broadcast(b.reduceMax(inputs[0], axes: [1]), to: shape, axes: [0])
    let shifted = b.subtract(inputs[0], most)
    let exponentials = b.exponential(shifted)
    let sum = b.broadcast(b.reduceSum(exponentials, axes: [1]), to: shape, axes: [0])
    return [logarithm ? b.subtract(shifted, b.log(sum)) : b.divide(exponentials, sum)]
  }

  package static var samples: [SoftmaxInstruction] {
    SoftmaxInstruction.shapes.flatMap { shape in
      [false, true].map { SoftmaxInstruction(rows: shape.0, n: shape.1, logarithm: $0) }
    }
  }

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
      words: [Int32(clamping: rows), Int32(clamping: n), logarithm ? 1 : 0],
      nanoseconds: 10 + Double(rows) * (10 + 0.3 * Double(n)) * precision.slowdown, units: rows)
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
    let sum = b.broadcast(b.reduceSum(terms, axes: [1]), to: shape, axes: [0])
    return [
      logarithm
        ? b.subtract(dy, b.multiply(b.exponential(y), sum)) : b.multiply(y, b.subtract(dy, sum))
    ]
  }

  package static var samples: [SoftmaxAdjointInstruction] {
    SoftmaxInstruction.shapes.flatMap { shape in
      [false, true].map { SoftmaxAdjointInstruction(rows: shape.0, n: shape.1, logarithm: $0) }
    }
  }
}
