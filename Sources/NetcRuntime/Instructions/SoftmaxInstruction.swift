import CNetc
package import NetcCore

/// softmax or log-softmax of each row of [rows, n], by subtracting the row's maximum.
package struct SoftmaxInstruction: Instruction {
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
      opcode: Int(NETC_SOFTMAX), words: [Int32(clamping: rows), Int32(clamping: n), logarithm ? 1 : 0],
      nanoseconds: 10 + Double(rows) * (10 + 0.4 * Double(n)) * precision.slowdown, units: rows)
  }
}

/// The adjoint of `SoftmaxInstruction` from its result y: inputs y and dy.
package struct SoftmaxAdjointInstruction: Instruction {
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
}
