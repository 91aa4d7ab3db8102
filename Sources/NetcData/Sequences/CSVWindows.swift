import NetcCore

/// The part of a request that makes overlapping windows of a file's rows: `window: 12` gives an
/// example for each place of a series, which is the 12 rows from there and the row `ahead` places
/// after them.
struct CSVWindows {
  /// What is read of each row.
  let rowRequest: DataRequest
  private let bindings: [DataBinding]
  private let length: Int
  private let ahead: Int

  /// Nil for a request without `window:`.
  /// - Throws: DataError for numbers that make no window, and for options that leave gaps.
  init?(_ request: DataRequest) throws(DataError) {
    guard let option = request.option("window") else {
      guard let ahead = request.option("ahead") else { return nil }
      throw DataError(
        "`ahead` belongs to windows", help: "say how many rows one holds, as window: 12",
        range: ahead.range)
    }
    length = try CSVWindows.whole(option)
    ahead =
      try request.option("ahead").map { option throws(DataError) in
        try CSVWindows.whole(option)
      } ?? 1
    for name in ["id", "order", "drop_missing"] {
      guard let other = request.option(name), other.value != .bool(false) else { continue }
      throw DataError(
        "`\(name)` and `window` exclude one another",
        help: name == "drop_missing"
          ? "fill missing values in, so that rows follow one another" : nil,
        range: other.range)
    }
    bindings = request.bindings
    var rows = request
    for index in rows.bindings.indices where CSVWindows.isWindow(rows.bindings[index]) {
      rows.bindings[index].rowShape = Shape(Array(rows.bindings[index].rowShape.dims.dropFirst()))
    }
    rowRequest = rows
  }

  /// The windows of a table's rows, which share its numbers.
  /// - Throws: DataError when there are fewer rows than a window takes, or an input is of another
  ///   length.
  func dataset(of table: Dataset, path: String) throws(DataError) -> Dataset {
    let looksAhead = bindings.contains { !CSVWindows.isWindow($0) }
    let span = length + (looksAhead ? ahead : 0)
    guard table.rowCount >= span else {
      throw DataError(
        "the file has \(table.rowCount) row\(table.rowCount == 1 ? "" : "s"), a window takes \(span)",
        path: path, help: "use a shorter window")
    }
    var finder = DimensionFinder()
    var columns: [DataColumn] = []
    for binding in bindings {
      guard let column = table[binding.input] else { continue }
      let isWindow = CSVWindows.isWindow(binding)
      let found = (isWindow ? [length] : []) + column.rowShape
      columns.append(
        DataColumn(
          name: column.name, rowShape: try finder.rowShape(of: binding, found: found),
          storage: column.storage, offset: isWindow ? 0 : (span - 1) * column.rowSize,
          stride: column.rowSize, classNames: column.classNames, standardize: column.standardize))
    }
    return Dataset(
      rowCount: table.rowCount - span + 1, columns: columns,
      dimensions: table.dimensions.merging(finder.sizes) { known, _ in known },
      windows: Dataset.Windows(length: table.rowCount, advance: 1, span: span))
  }

  /// Whether an input takes a window's rows: it has one dimension more than its columns ask for.
  private static func isWindow(_ binding: DataBinding) -> Bool {
    switch binding.selector {
    case .column: binding.rowShape.rank == 1
    case .columns: binding.rowShape.rank == 2
    default: false
    }
  }

  private static func whole(_ option: DataOption) throws(DataError) -> Int {
    guard case .number(let number) = option.value, let whole = Int(exactly: number),
      (1..<1 << 24).contains(whole)
    else {
      throw DataError("`\(option.name)` takes a whole number of rows", range: option.range)
    }
    return whole
  }
}
