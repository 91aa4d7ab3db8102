import CNetc
package import NetcCore

/// Matrix products: C = alpha A B + beta C + bias, over up to two batch axes.
package struct GemmInstruction: Instruction {
  package static let name = "gemm"
  package static let summary = "Multiplies matrices of any strides, accumulating and adding a bias row if told."

  /// How one matrix lies in memory: strides in elements; the last two are those of the batch axes.
  package struct Layout: Hashable, Sendable {
    package var row: Int
    package var column: Int
    package var batch0: Int
    package var batch1: Int

    package init(row: Int, column: Int, batch0: Int = 0, batch1: Int = 0) {
      self.row = row
      self.column = column
      self.batch0 = batch0
      self.batch1 = batch1
    }
  }

  /// A factor: `value * slots[slot]`, or `value` without a slot.
  package struct Factor: Hashable, Sendable {
    package var value: Double
    package var slot: Int?

    package init(_ value: Double, slot: Int? = nil) {
      self.value = value
      self.slot = slot
    }
  }

  /// Rows of A and C.
  package var m: Int
  /// Columns of B and C.
  package var n: Int
  /// The summed axis.
  package var k: Int
  package var batch0 = 1
  package var batch1 = 1
  package var a: Layout
  package var b: Layout
  /// C's columns must lie next to one another: its column stride is 1.
  package var c: Layout
  package var alpha = Factor(1)
  /// With 0, C is not read.
  package var beta = Factor(0)
  /// Whether a fourth operand [n] is added to every row.
  package var bias = false

  package init(m: Int, n: Int, k: Int, a: Layout, b: Layout, c: Layout) {
    self.m = m
    self.n = n
    self.k = k
    self.a = a
    self.b = b
    self.c = c
  }

  package var inputs: Int { bias ? 3 : 2 }

  /// The kernel, chosen by shape alone.
  var opcode: Int {
    if m == 1 || n == 1 { return Int(NETC_GEMV) }
    return m * n * k <= 32 * 1024 || k <= 4 ? Int(NETC_GEMM_SMALL) : Int(NETC_GEMM)
  }

  package func code(_ precision: Precision) -> InstructionCode {
    let rate = opcode == Int(NETC_GEMM) ? 150.0 : opcode == Int(NETC_GEMV) ? 20 : 60
    let work = 2 * Double(m) * Double(n) * Double(k) * Double(batch0 * batch1)
    let time = 30 + work / rate * precision.slowdown
    let split = GemmInstruction.split(m: m, n: n, batches: batch0 * batch1, nanoseconds: time)
    var words: [Int32] = []
    for value in [
      m, n, k, a.row, a.column, b.row, b.column, c.row, batch0, batch1,
      a.batch0, a.batch1, b.batch0, b.batch1, c.batch0, c.batch1,
    ] { words.append(count: value) }
    for factor in [alpha, beta] {
      words.append(real: factor.value)
      words.append(count: factor.slot ?? -1)
    }
    for value in [split.rows, split.columns, split.batches] { words.append(count: value) }
    var code = InstructionCode(opcode: opcode, words: words, nanoseconds: time, units: 1)
    code.parts = UInt16(split.rows * split.columns * split.batches)
    return code
  }

  /// A grid of parts: batches first, then columns in multiples of 32, then rows in multiples of 8.
  static func split(
    m: Int, n: Int, batches: Int, nanoseconds: Double
  ) -> (rows: Int, columns: Int, batches: Int) {
    let wanted = InstructionCode.parts(nanoseconds: nanoseconds, units: 64)
    let byBatch = max(1, min(wanted, batches))
    let left = max(1, wanted / byBatch)
    if n >= m {
      let columns = max(1, min(left, n / 64))
      return (max(1, min(left / columns, m / 16)), columns, byBatch)
    }
    let rows = max(1, min(left, m / 32))
    return (rows, max(1, min(left / rows, n / 64)), byBatch)
  }
}
