package import NetcCore

/// Rows of data by input, ready to be gathered in any order.
package struct Dataset: Hashable, Sendable {
  /// Rows that are windows of one sequence: row `r` starts at its place `r`, so that rows overlap.
  package struct Windows: Hashable, Sendable {
    /// Places of the sequence.
    package let length: Int
    /// Places from a window's start to the next one's when they stand side by side.
    package let advance: Int
    /// Places a row reads, its farthest shift included.
    package let span: Int

    /// Whether an epoch draws its windows anew: where not every place is one of those side by side.
    package var isDrawn: Bool { advance > 1 }

    /// The starts of windows side by side within some places.
    package func starts(in places: Range<Int>) -> [Int32] {
      guard let last = lastStart(in: places) else { return [] }
      return stride(from: places.lowerBound, through: last, by: max(1, advance))
        .map { Int32(truncatingIfNeeded: $0) }
    }

    /// How many of `length` places train when a share at the end is held out: the whole part of
    /// what is left.
    package static func trainingLength(of length: Int, heldOut share: Double) -> Int {
      guard share > 0 else { return length }
      // 1 - 0.9 is a little less than 0.1.
      return min(length, Int((Double(length) * max(0, 1 - share) + 1e-6).rounded(.down)))
    }

    /// The last start of a window that ends within some places; nil when they are too few.
    package func lastStart(in places: Range<Int>) -> Int? {
      places.count >= span ? places.upperBound - span : nil
    }
  }

  /// How many rows each column has.
  package let rowCount: Int
  /// One per binding of the request, in its order.
  package let columns: [DataColumn]
  /// The sizes the data gives to symbolic dimensions of the inputs' rows.
  package let dimensions: DimBindings
  /// How many rows of the file were left out for a missing value.
  package let droppedRowCount: Int
  /// How rows lie in a sequence; nil for rows that stand one by one.
  package let windows: Windows?

  /// A set of columns that each hold `rowCount` rows.
  package init(
    rowCount: Int, columns: [DataColumn], dimensions: DimBindings = [:],
    droppedRowCount: Int = 0, windows: Windows? = nil
  ) {
    self.rowCount = rowCount
    self.columns = columns
    self.dimensions = dimensions
    self.droppedRowCount = droppedRowCount
    self.windows = windows
  }

  /// The same rows with one more column.
  package func adding(_ column: DataColumn) -> Dataset {
    Dataset(
      rowCount: rowCount, columns: columns + [column], dimensions: dimensions,
      droppedRowCount: droppedRowCount, windows: windows)
  }

  /// Every row once, in order; of windows those side by side.
  package var orderedRows: [Int32] {
    if let windows { return windows.starts(in: 0..<windows.length) }
    return (0..<rowCount).map { Int32(truncatingIfNeeded: $0) }
  }

  /// The column that feeds an input.
  package subscript(input: String) -> DataColumn? { columns.first { $0.name == input } }
}

/// The rows that feed one input, row-major: row `r` is elements `offset + r * stride ..< offset + r
/// * stride + rowSize`.
package struct DataColumn: Hashable, Sendable {
  /// The numbers, by how they are stored.
  package enum Storage: Hashable, Sendable {
    /// 32-bit floating point, for float inputs in single precision.
    case floats([Float])
    /// 64-bit floating point, for float inputs in double precision.
    case doubles([Double])
    /// Integers and classes.
    case ints([Int32])
    /// Bytes whose value is `byte * scale`; truth values and labels have scale 1.
    case bytes([UInt8], scale: Double)

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
  /// All rows, one after another but for windows that overlap.
  package let storage: Storage
  /// Where the first row starts.
  package let offset: Int
  /// Numbers from one row's start to the next one's; a row's size unless rows are windows.
  package let stride: Int
  /// The name of each class when labels were words or the program names them.
  package let classNames: [String]?
  /// Whether the program asks for this input to be standardised inside the model.
  package let standardize: Bool

  /// How many numbers a row has.
  package var rowSize: Int { rowShape.reduce(1, *) }

  /// Where a row starts in the storage.
  package func start(ofRow row: Int) -> Int { offset + row * stride }

  /// A column of these parts; without a stride, rows follow one another.
  package init(
    name: String, rowShape: [Int], storage: Storage, offset: Int = 0, stride: Int? = nil,
    classNames: [String]? = nil, standardize: Bool = false
  ) {
    self.name = name
    self.rowShape = rowShape
    self.storage = storage
    self.offset = offset
    self.stride = stride ?? rowShape.reduce(1, *)
    self.classNames = classNames
    self.standardize = standardize
  }
}
