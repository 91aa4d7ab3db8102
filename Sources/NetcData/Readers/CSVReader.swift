package import NetcCore

/// `csv("file.csv", x: columns(0..<4), y: column("species"))`: text with one row a line, `.gz` as
/// well; several files are read one after another.
package enum CSVReader: DataReader {
  package static let name = "csv"
  package static let summary = "rows of CSV files, plain or gzip"
  package static let source = DataSource.paths
  package static let options = [
    DataOptionRule(
      "header", .bool, "whether the first row names the columns; found out by default"),
    DataOptionRule("separator", .string, "the character between fields; found out by default"),
    DataOptionRule("standardize", .bool, "standardise float inputs bound by columns(…)"),
    DataOptionRule(
      "missing", .strings, "texts for a missing value; NA, N/A, nan, null and ? by default"),
    DataOptionRule(
      "drop_missing", .bool, "leave out rows with a missing value; an error by default"),
    DataOptionRule("id", .string, "the column that says which sequence a row belongs to"),
    DataOptionRule("order", .string, "the column of numbers that orders a sequence's rows"),
    DataOptionRule("window", .number, "makes an example of so many rows that follow one another"),
    DataOptionRule("ahead", .number, "which row after its window is to be told, 1 for the next"),
  ]

  /// Reads every row, one at a time.
  /// - Throws: DataError with line and column of the first mistake.
  /// - Complexity: O(bytes of the files); memory for the values and one row.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    let separator = try separator(request)
    let sequences = try CSVSequences(request)
    let windows = try CSVWindows(request)
    let wanted = sequences?.rowRequest ?? windows?.rowRequest ?? request
    var table: CSVTable?
    for path in [path] + request.morePaths {
      let stream = try ByteStream(path: path)
      var scanner = try CSVScanner(stream, separator: separator)
      var record = CSVRecord()
      guard try scanner.next(&record) else { throw DataError("the file is empty", path: path) }
      var isHeader: Bool?
      if case .bool(let value)? = request.option("header")?.value { isHeader = value }
      let header = CSVHeader(record, request: wanted, isHeader: isHeader, path: path)
      if table == nil {
        table = try CSVTable(
          wanted, header, path: path, precision: precision, idColumn: sequences?.id)
      } else {
        try table?.continue(with: header, path: path, idColumn: sequences?.id)
      }
      if header.names == nil { try table?.append(record) }
      while try scanner.next(&record) { try table?.append(record) }
    }
    guard let table else { throw DataError("there is no file to read", range: request.range) }
    let names = table.rowNames
    let rows = try table.dataset()
    if let windows { return try windows.dataset(of: rows, path: path) }
    return try sequences?.dataset(of: rows, names: names, path: path) ?? rows
  }

  private static func separator(_ request: DataRequest) throws(DataError) -> UInt8? {
    guard let option = request.option("separator"), case .string(let text) = option.value else {
      return nil
    }
    let bytes = Array(text.utf8)
    guard bytes.count == 1, bytes[0] < 0x80, ![0x22, 0x0A, 0x0D].contains(bytes[0]) else {
      throw DataError(
        "`separator` takes one ASCII character other than a quote",
        help: "write separator: \";\", or \"\\t\" for a tab", range: option.range)
    }
    return bytes[0]
  }
}
