import CNetc
package import NetcCore
package import NetcGraph

/// Writes the right matrix of products in the order in which they read it, for products that are
/// repeated with it.
package struct PackInstruction: DefinedInstruction {
  package static let name = "pack"
  package static let summary =
    "Writes a matrix as panels of columns, filled up with zeros, for repeated products."

  /// Rows of the matrix, the summed axis of the products.
  package let k: Int
  /// Its columns.
  package let n: Int
  /// From one row to the next, in elements.
  package let row: Int
  /// From one column to the next, in elements.
  package let column: Int
  /// Columns of a panel, a multiple of 32.
  package let width: Int

  package init(k: Int, n: Int, row: Int, column: Int, width: Int) {
    self.k = k
    self.n = n
    self.row = row
    self.column = column
    self.width = width
  }

  /// What packs the right matrix of a product.
  package init(_ product: GemmInstruction) {
    self.init(
      k: product.k, n: product.n, row: product.b.row, column: product.b.column,
      width: PackInstruction.width(of: product))
  }

  /// The columns of a tile; for a single row of A, whose sums would wait for one another, twice as
  /// many where they fill panels up.
  static func width(of product: GemmInstruction) -> Int {
    let (narrow, wide) = (32, 64)
    let rest = product.n % wide
    return product.m == 1 && (rest == 0 || rest > narrow) ? wide : narrow
  }

  package var inputs: Int { 1 }

  private var panels: Int { (n + width - 1) / width }

  /// The panels as an array.
  var panelShape: [Int] { [panels, k, width] }

  /// Elements of all panels.
  package var panelCount: Int { panels * k * width }

  package func code(_ precision: Precision) -> InstructionCode {
    var words: [Int32] = []
    for value in [k, n, row, column, width] { words.append(count: value) }
    return InstructionCode(
      opcode: Int(NETC_PACK_B), words: words,
      nanoseconds: 20 + Double(panelCount) * 0.1 * precision.slowdown, units: panels)
  }

  package var operands: [OperandView] {
    [
      OperandView(.float, panelShape),
      OperandView(.float, [k, n], strides: [row, column]),
    ]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let missing = panels * width - n
    let filled = b.pad(
      inputs[0], 0, low: [0, 0], high: [0, Dim(missing)], interior: [0, 0])
    let split = b.reshape(filled, to: Shape(sizes: [k, panels, width]))
    return [b.transpose(split, [1, 0, 2])]
  }

  /// The matrix [1, 1, k, n] in panels, in graph operations.
  func unpacked(_ b: inout GraphBuilder, _ panels: ValueID) -> ValueID {
    let rows = b.transpose(panels, [1, 0, 2])
    let whole = self.panels * width
    return b.pad(
      b.reshape(rows, to: Shape(sizes: [1, 1, k, whole])), 0, low: [0, 0, 0, 0],
      high: [0, 0, 0, Dim(n - whole)], interior: [0, 0, 0, 0])
  }

  package static var samples: [PackInstruction] {
    [(1, 1), (7, 33), (16, 32), (20, 70), (40, 16), (0, 5)].flatMap { k, n in
      let width = k == 20 ? 64 : 32
      return [
        PackInstruction(k: k, n: n, row: n + 1, column: 1, width: width),
        PackInstruction(k: k, n: n, row: 1, column: k + 3, width: width),
        PackInstruction(k: k, n: n, row: 2, column: 2 * k + 1, width: width),
      ]
    }
  }
}
