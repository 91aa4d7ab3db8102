package import NetcCore

/// Rows of data by input, ready to be gathered in any order.
package struct Dataset: Hashable, Sendable {
  /// How many rows each column has.
  package let rowCount: Int
  /// One per binding of the request, in its order.
  package let columns: [DataColumn]
  /// The sizes the data gives to symbolic dimensions of the inputs' rows.
  package let dimensions: DimBindings
  /// How many rows of the file were left out for a missing value.
  package let droppedRowCount: Int

  /// A set of columns that each hold `rowCount` rows.
  package init(
    rowCount: Int, columns: [DataColumn], dimensions: DimBindings = [:], droppedRowCount: Int = 0
  ) {
    self.rowCount = rowCount
    self.columns = columns
    self.dimensions = dimensions
    self.droppedRowCount = droppedRowCount
  }

  /// The column that feeds an input.
  package subscript(input: String) -> DataColumn? { columns.first { $0.name == input } }
}

/// The rows that feed one input, row-major and contiguous: row `r` is elements `r * rowSize ..< (r
/// + 1) * rowSize`.
package struct DataColumn: Hashable, Sendable {
  /// The numbers, by how they are stored.
  package enum Storage: Hashable, Sendable {
    /// 32-bit floating point, for float inputs in single precision.
    case floats([Float])
    /// 64-bit floating point, for float inputs in double precision.
    case doubles([Double])
    /// Integers and classes.
    case ints([Int32])
    /// Bytes whose value is `byte * scale`; truth values have scale 1.
    case bytes([UInt8], scale: Float)

    /// How many numbers there are.
    package var count: Int {
      switch self {
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .ints(let values): values.count
      case .bytes(let values, _): values.count
      }
    }
  }

  /// The input it feeds.
  package let name: String
  /// The shape of one row; empty for a number a row.
  package let rowShape: [Int]
  /// All rows, one after another.
  package let storage: Storage
  /// The name of each class when labels were words or the program names them.
  package let classNames: [String]?
  /// Whether the program asks for this input to be standardised inside the model.
  package let standardize: Bool

  /// How many numbers a row has.
  package var rowSize: Int { rowShape.reduce(1, *) }

  /// A column of these parts.
  package init(
    name: String, rowShape: [Int], storage: Storage, classNames: [String]? = nil,
    standardize: Bool = false
  ) {
    self.name = name
    self.rowShape = rowShape
    self.storage = storage
    self.classNames = classNames
    self.standardize = standardize
  }
}
