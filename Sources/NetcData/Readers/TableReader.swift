package import NetcCore

/// `table(x: [[1, 2], [3, 4]], y: [1, -1])`: rows written in the program, one list entry a row.
package enum TableReader: DataReader {
  package static let name = "table"
  package static let summary = "rows written in the program"
  package static let source = DataSource.program
  package static let options = [
    DataOptionRule("standardize", .bool, "standardise float inputs whose rows are lists")
  ]

  /// Checks the lists and lays them out.
  /// - Throws: DataError, with the argument's range, for ragged lists, other shapes and values that
  ///   do not fit.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    var finder = DimensionFinder()
    var columns: [DataColumn] = []
    var rowCount: Int?
    for binding in request.bindings {
      guard case .values(.list(let rows)) = binding.selector else {
        throw DataError(
          "input `\(binding.input)` takes a list with one entry a row",
          help: "write \(binding.input): [[1, 2], [3, 4]]", range: binding.range)
      }
      guard !rows.isEmpty else {
        throw DataError("there are no rows of data", range: binding.range ?? request.range)
      }
      if let rowCount, rowCount != rows.count {
        throw DataError(
          "input `\(binding.input)` has \(rows.count) rows, `\(columns[0].name)` has \(rowCount)",
          range: binding.range)
      }
      rowCount = rows.count
      columns.append(try column(rows, binding, request, precision, &finder))
    }
    guard let rowCount else {
      throw DataError("`table` feeds no input", range: request.range)
    }
    return Dataset(rowCount: rowCount, columns: columns, dimensions: finder.sizes)
  }

  private static func column(
    _ rows: [DataValue], _ binding: DataBinding, _ request: DataRequest, _ precision: Precision,
    _ finder: inout DimensionFinder
  ) throws(DataError) -> DataColumn {
    let standardize =
      binding.standardize
      ?? (request.option("standardize")?.value == .bool(true) && binding.element == .float
        && binding.rowShape.rank > 0)
    var builder = ColumnBuilder(binding, precision: precision, standardize: standardize)
    var shape: [Int]?
    for (index, row) in rows.enumerated() {
      do throws(ValueProblem) {
        var found = NestedShape()
        try append(row, depth: 0, shape: &found, to: &builder)
        if let shape, shape != found.sizes {
          throw ValueProblem(
            message: "has shape \(Shape(sizes: found.sizes)), row 0 has \(Shape(sizes: shape))")
        }
        shape = found.sizes
      } catch {
        throw DataError(
          "row \(index) of `\(binding.input)`: \(error.message)", help: error.help,
          range: binding.range)
      }
    }
    let rowShape = try finder.rowShape(of: binding, found: shape ?? [])
    do throws(ValueProblem) {
      return try builder.column(rowShape: rowShape)
    } catch {
      throw DataError(error.message, help: error.help, range: binding.range)
    }
  }

  private static func append(
    _ value: DataValue, depth: Int, shape: inout NestedShape, to builder: inout ColumnBuilder
  ) throws(ValueProblem) {
    if case .list(let values) = value {
      try shape.enterList(of: values.count, depth: depth)
      for value in values { try append(value, depth: depth + 1, shape: &shape, to: &builder) }
      return
    }
    try shape.meetNumber(depth: depth)
    switch value {
    case .number(let number): try builder.append(number)
    case .bool(let truth): try builder.append(truth ? 1 : 0)
    case .string(let text): try builder.append(text)
    case .list: break
    }
  }
}

/// The shape of nested lists: the first list met at each depth sets a size, the first number the
/// depth of numbers.
private struct NestedShape {
  private(set) var sizes: [Int] = []
  private var numbersDepth: Int?

  mutating func enterList(of count: Int, depth: Int) throws(ValueProblem) {
    guard depth < 16 else { throw ValueProblem(message: "lists are nested too deep") }
    guard numbersDepth.map({ depth < $0 }) ?? true else { throw NestedShape.mixed }
    if sizes.count == depth { sizes.append(count) }
    guard sizes[depth] == count else {
      throw ValueProblem(message: "lists of \(sizes[depth]) and of \(count) entries side by side")
    }
  }

  mutating func meetNumber(depth: Int) throws(ValueProblem) {
    if numbersDepth == nil, sizes.count == depth { numbersDepth = depth }
    guard numbersDepth == depth else { throw NestedShape.mixed }
  }

  private static let mixed = ValueProblem(message: "a list and a number side by side")
}
