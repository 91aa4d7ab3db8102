import CNetc
package import NetcCore
package import NetcGraph

/// Matrix products: C = f(alpha A B + beta D + bias), over up to two batch axes.
package struct GemmInstruction: DefinedInstruction {
  package static let name = "gemm"
  package static let summary =
    "Multiplies matrices of any strides; adds a multiple of another and a bias row, applies a function."

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
  /// The multiple of D, a matrix that lies as C does, or in C's place; with 0 there is none.
  package var beta = Factor(0)
  /// Whether an operand [n] is added to every row.
  package var bias = false

  /// What is done to each element at last. Its second result lies as C does.
  package var epilogue: ProductEpilogue?

  /// B as `PackInstruction` wrote it, instead of B by its layout.
  package var isPacked = false

  package init(m: Int, n: Int, k: Int, a: Layout, b: Layout, c: Layout) {
    self.m = m
    self.n = n
    self.k = k
    self.a = a
    self.b = b
    self.c = c
  }

  /// The same product as the transpose of one: A and B change places, C is B's transpose times A's.
  mutating func transpose() {
    func turned(_ layout: Layout) -> Layout {
      Layout(
        row: layout.column, column: layout.row, batch0: layout.batch0, batch1: layout.batch1)
    }
    (m, n) = (n, m)
    (a, b) = (turned(b), turned(a))
    c = turned(c)
  }

  /// C, then the epilogue's second result.
  package var outputs: Int { epilogue?.results ?? 1 }

  /// A and B, then the bias, then D, then the epilogue's factors.
  package var inputs: Int { 2 + (bias ? 1 : 0) + (isAdding ? 1 : 0) + (readsFactors ? 1 : 0) }

  /// D's memory.
  package var inPlaceInputs: [Int] { isAdding ? [added] : [] }

  /// The place of D among the inputs.
  private var added: Int { bias ? 3 : 2 }

  private var readsFactors: Bool { epilogue?.readsFactors == true }

  private var isAdding: Bool { beta.value != 0 }

  /// A way of computing products; sums over k have one order in the first two.
  package enum Kernel: Hashable, CaseIterable, Sendable {
    /// Reads both matrices in place.
    case plain
    /// Copies blocks of both matrices into panels.
    case packed
    /// Streams the matrix past a vector; for m = 1 or n = 1.
    case vector

    var opcode: Int {
      switch self {
      case .plain: Int(NETC_GEMM_SMALL)
      case .packed: Int(NETC_GEMM)
      case .vector: Int(NETC_GEMV)
      }
    }
  }

  /// The kernel, chosen by shape alone unless set.
  package var kernel: Kernel {
    get {
      if let chosen { return chosen }
      if isPacked { return m == 1 ? .vector : .plain }
      return m == 1 || n == 1 ? .vector : small ? .plain : .packed
    }
    set { chosen = newValue }
  }

  private var chosen: Kernel?

  /// Measured: reading in place wins until a block of A, read again for each panel of B, is no
  /// longer near.
  private var small: Bool {
    Double(m) * Double(n) * Double(k) <= 3e8 || k <= 4 || Double(m) * Double(min(k, 320)) <= 1e6
  }

  package func code(_ precision: Precision) -> InstructionCode {
    let work = 2 * Double(m) * Double(n) * Double(k) * Double(batch0 * batch1)
    let ending = Double(m * n * batch0 * batch1) * (epilogue?.nanoseconds ?? 0)
    let time = 30 + (work / rate + ending) * precision.slowdown
    let split = split(nanoseconds: time)
    var words: [Int32] = []
    words.reserveCapacity(32)
    for value in [
      m, n, k, a.row, a.column, b.row, b.column, c.row, batch0, batch1,
      a.batch0, a.batch1, b.batch0, b.batch1, c.batch0, c.batch1,
    ] { words.append(count: value) }
    for factor in [alpha, beta] {
      words.append(real: factor.value)
      words.append(count: factor.slot ?? -1)
    }
    for value in [
      split.rows, split.columns, split.batches, outputs, bias ? outputs + 2 : 0,
      isAdding ? outputs + added : 0, isPacked ? k * PackInstruction.width(of: self) : 0,
      Int(epilogue?.number ?? 0), readsFactors ? outputs + inputs - 1 : 0,
      PackInstruction.width(of: self),
    ] { words.append(count: value) }
    var code = InstructionCode(opcode: kernel.opcode, words: words, nanoseconds: time, units: 1)
    code.parts = UInt16(split.rows * split.columns * split.batches)
    code.operations = work
    code.slices = split.rows == Int(code.parts) ? slices(precision) : nil
    return code
  }

  /// Where the words have the parts by rows, by columns and by batches.
  static let grid = 22...24

  /// What parts by rows touch: rows of C and D, and of A where they lie one behind the other.
  private func slices(_ precision: Precision) -> PartSlices? {
    guard batch0 * batch1 == 1 else { return nil }
    let size = ElementType.float.bytes(in: precision)
    let result = PartSlices.rows(8, of: n, pitch: c.row, size: size)
    let left = a.column == 1 ? PartSlices.rows(8, of: k, pitch: a.row, size: size) : nil
    var operands = outputs == 2 ? [result, result, left, nil] : [result, left, nil]
    operands.reserveCapacity(7)
    if bias { operands.append(nil) }
    if isAdding { operands.append(result) }
    if readsFactors { operands.append(result) }
    return PartSlices(units: (m + 7) / 8, operands)
  }

  /// Operations in a nanosecond, as measured: a vector waits for memory; columns are
  /// computed 16 at a time.
  private var rate: Double {
    if kernel == .vector { return 30 }
    let (columns, depth) = (Double(max(n, 1)), Double(max(k, 1)))
    return 220 * columns / ((columns + 15) / 16).rounded(.down) / 16 * depth / (depth + 4)
  }

  /// A grid of at most 16 parts, an even number of them where there are several, so that two
  /// threads get equal shares: batches first, then columns, which cost nothing, then rows in blocks
  /// that outweigh reading B once more; what copies blocks of A takes rows before columns, which
  /// would copy them again. A few parts of a product are rows alone where B is small, so
  /// that the threads' rows of a chain of products depend on no others, or where its columns make
  /// no equal shares.
  private func split(nanoseconds: Double) -> (rows: Int, columns: Int, batches: Int) {
    func even(_ count: Int) -> Int { count < 2 ? 1 : count / 2 * 2 }
    let wanted = even(InstructionCode.parts(nanoseconds: nanoseconds, units: 16))
    if wanted <= 4, batch0 * batch1 == 1, kernel != .vector, m >= 8 * wanted,
      n * k <= 65_536 || (n + 31) / 32 % wanted > 0
    {
      return (wanted, 1, 1)
    }
    let byBatch = even(min(wanted, batch0 * batch1))
    let left = wanted / byBatch
    if kernel == .packed {
      let rows = even(min(left, m / 128))
      return (rows, even(min(left / rows, n / 32)), byBatch)
    }
    // A row of B is streamed in stripes of 256 columns when it meets one row of A.
    let columns = even(min(left, n / (kernel == .vector ? 256 : 32)))
    let rows = even(min(left / columns, m / (columns == 1 ? 32 : 128)))
    return (rows, columns, byBatch)
  }
}

extension GemmInstruction {
  package var operands: [OperandView] {
    func view(_ layout: Layout, _ rows: Int, _ columns: Int) -> OperandView {
      OperandView(
        .float, [batch0, batch1, rows, columns],
        strides: [layout.batch0, layout.batch1, layout.row, layout.column])
    }
    let right = isPacked ? OperandView(.float, PackInstruction(self).panelShape) : view(b, k, n)
    return Array(repeating: view(c, m, n), count: outputs) + [view(a, m, k), right]
      + (bias ? [OperandView(.float, [n])] : [])
      + (isAdding ? [view(c, m, n)] : []) + (readsFactors ? [view(c, m, n)] : [])
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let shape = Shape(sizes: [batch0, batch1, m, n])
    func factor(_ factor: Factor) -> Double { factor.value * (factor.slot.map { slots[$0] } ?? 1) }
    let axes = DotDimensions(
      lhsBatch: [0, 1], rhsBatch: [0, 1], lhsContracting: [3], rhsContracting: [2])
    let right = isPacked ? PackInstruction(self).unpacked(&b, inputs[1]) : inputs[1]
    var result = b.scaled(b.dot(inputs[0], right, axes), factor(alpha))
    if isAdding { result = b.add(result, b.scaled(inputs[added], factor(beta))) }
    if bias { result = b.add(result, b.broadcast(inputs[2], to: shape, axes: [3])) }
    guard let epilogue else { return [result] }
    return epilogue.formulas.map { $0.define(&b, [result, inputs[inputs.count - 1]]) }
  }
}
