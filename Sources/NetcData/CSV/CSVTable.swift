import NetcCore

/// The values of a CSV file by input, collected row after row.
struct CSVTable {
  /// One binding with the fields it takes from each row.
  private struct Column {
    let binding: DataBinding
    var fields: [Int]
    let rowShape: [Int]
    var builder: ColumnBuilder
  }

  private var header: CSVHeader
  private var path: String
  private let missing: MissingMarkers
  private let dropsMissing: Bool
  private var columns: [Column] = []
  private var sizes: DimBindings
  private var rowCount = 0
  private var dropped = 0
  private var nameField: Int?
  /// What the rows are called, when a column says so.
  private(set) var rowNames: [String] = []

  /// An empty table for the request's bindings.
  /// - Parameter idColumn: the column that names rows.
  /// - Throws: DataError for a column that is not there or a shape its columns do not fill.
  init(
    _ request: DataRequest, _ header: CSVHeader, path: String, precision: Precision,
    idColumn: String? = nil
  ) throws(DataError) {
    self.header = header
    self.path = path
    switch request.option("missing")?.value {
    case .string(let text): missing = MissingMarkers([text])
    case .list(let values):
      missing = MissingMarkers(
        values.compactMap { if case .string(let text) = $0 { text } else { nil } })
    default: missing = .common
    }
    dropsMissing = request.option("drop_missing")?.value == .bool(true)
    var finder = DimensionFinder()
    for binding in request.bindings {
      let fields = try header.fields(of: binding)
      let shape = try finder.rowShape(of: binding, count: fields.count)
      let builder = ColumnBuilder(
        binding, precision: binding.input == CSVSequences.order ? .double : precision,
        standardize: request.standardizes(binding))
      columns.append(Column(binding: binding, fields: fields, rowShape: shape, builder: builder))
    }
    sizes = finder.sizes
    nameField = try idColumn.map { name throws(DataError) in
      try header.field(named: name, range: request.option("id")?.range)
    }
  }

  /// Goes on with the rows of another file, whose columns may stand in another order.
  /// - Throws: DataError for a column that is not there.
  mutating func `continue`(
    with header: CSVHeader, path: String, idColumn: String?
  ) throws(DataError) {
    self.header = header
    self.path = path
    for index in columns.indices {
      let fields = try header.fields(of: columns[index].binding)
      guard fields.count == columns[index].fields.count else {
        throw DataError(
          "input `\(columns[index].binding.input)` takes \(columns[index].fields.count) columns,"
            + " this file gives \(fields.count)", path: path, range: columns[index].binding.range)
      }
      columns[index].fields = fields
    }
    nameField = try idColumn.map { name throws(DataError) in
      try header.field(named: name, range: nil)
    }
  }

  /// Appends a row.
  /// - Throws: DataError with the place of the first value that does not fit.
  mutating func append(_ record: CSVRecord) throws(DataError) {
    guard record.fields.count == header.count else { throw wrongCount(record) }
    if dropsMissing, hasMissing(record) {
      dropped += 1
      return
    }
    guard rowCount < Int(Int32.max) else {
      throw DataError("more than \(Int32.max) rows", path: path, line: record.line)
    }
    if let nameField { rowNames.append(record.text(nameField)) }
    for index in columns.indices {
      for field in columns[index].fields { try append(field, of: record, to: index) }
    }
    rowCount += 1
  }

  /// All rows.
  /// - Throws: DataError when there is none, or labels do not make up a class.
  consuming func dataset() throws(DataError) -> Dataset {
    guard rowCount > 0 else {
      let help = dropped > 0 ? "each of the \(dropped) rows has a missing value" : nil
      throw DataError("there are no rows of data", path: path, help: help)
    }
    var result: [DataColumn] = []
    for column in columns {
      do throws(ValueProblem) {
        result.append(try column.builder.column(rowShape: column.rowShape))
      } catch {
        throw DataError(error.message, path: path, help: error.help, range: column.binding.range)
      }
    }
    return Dataset(rowCount: rowCount, columns: result, dimensions: sizes, droppedRowCount: dropped)
  }

  private mutating func append(
    _ field: Int, of record: CSVRecord, to index: Int
  ) throws(DataError) {
    let place = record.fields[field]
    if missing.contain(record.bytes, place.range) {
      guard columns[index].builder.admitsMissing else { throw missingValue(field, record) }
      return columns[index].builder.appendMissing()
    }
    do throws(ValueProblem) {
      if !columns[index].builder.takesNames, let number = decimal(record.bytes, place.range) {
        try columns[index].builder.append(number)
      } else {
        try columns[index].builder.append(record.text(field))
      }
    } catch {
      throw DataError(
        error.message + inColumn(field), path: path, line: place.line, column: place.column,
        help: error.help, range: columns[index].binding.range)
    }
  }

  private func hasMissing(_ record: CSVRecord) -> Bool {
    columns.contains { column in
      !column.builder.admitsMissing
        && column.fields.contains { missing.contain(record.bytes, record.fields[$0].range) }
    }
  }

  private func missingValue(_ field: Int, _ record: CSVRecord) -> DataError {
    let text = record.text(field)
    return DataError(
      (text.isEmpty ? "missing value" : "missing value `\(shown(text))`") + inColumn(field),
      path: path, line: record.fields[field].line, column: record.fields[field].column,
      help: "fill it in, or write drop_missing: true to leave such rows out")
  }

  private func inColumn(_ field: Int) -> String {
    guard let name = header.names?[field], !name.isEmpty else { return " (column \(field))" }
    return " (column `\(shown(name))`)"
  }

  private func wrongCount(_ record: CSVRecord) -> DataError {
    let found = record.fields.count
    let place = found > header.count ? record.fields[header.count] : record.fields[found - 1]
    return DataError(
      "this row has \(found) field\(found == 1 ? "" : "s"), the first row has \(header.count)",
      path: path, line: place.line, column: place.column,
      help: found > header.count ? "put quotes around a field that holds the separator" : nil)
  }
}
