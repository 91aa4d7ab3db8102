import NetcCore

/// Makes padded sequences of the rows of a long table: one row of the result is one sequence.
struct SequenceColumns {
  private let groups: SequenceGroups
  private let path: String
  private var finder = DimensionFinder()

  /// For groups of a table's rows.
  init(_ groups: SequenceGroups, path: String) {
    self.groups = groups
    self.path = path
  }

  /// The columns of the request's bindings, made of those of single rows.
  ///
  /// An input with one dimension more than its columns ask for takes a number or a list for each
  /// place in time, padded with zeros (labels with the number that their type ignores); others take
  /// what all rows of a sequence have in common.
  /// - Throws: DataError for shapes, for sequences that are too long, for inputs that change within
  ///   a sequence.
  mutating func dataset(
    _ bindings: [DataBinding], of table: Dataset
  ) throws(DataError) -> Dataset {
    var columns: [DataColumn] = []
    for binding in bindings {
      if case .mask = binding.selector {
        columns.append(try mask(binding))
      } else if let column = table[binding.input] {
        columns.append(try self.column(binding, of: column))
      }
    }
    return Dataset(
      rowCount: groups.rows.count, columns: columns, dimensions: finder.sizes,
      droppedRowCount: table.droppedRowCount)
  }

  /// Places in time: the input's own number, else the longest sequence's.
  private mutating func steps(_ shape: Shape, _ binding: DataBinding) throws(DataError) -> Int {
    let others = shape.dims.dropFirst().map { $0.value(finder.sizes) ?? 0 }
    let found = [shape[0].value(finder.sizes) ?? groups.longest] + others
    let fitted = try finder.rowShape(of: binding, found: found)
    let steps = fitted[0]
    if let place = groups.rows.firstIndex(where: { $0.count > steps }) {
      throw DataError(
        "sequence `\(shown(groups.names[place]))` has \(groups.rows[place].count) rows, input"
          + " `\(binding.input)` takes \(steps)",
        path: path, help: "declare a longer time, or a symbol as float[batch, time]",
        range: binding.range)
    }
    return steps
  }

  private mutating func mask(_ binding: DataBinding) throws(DataError) -> DataColumn {
    guard binding.rowShape.rank == 1, binding.element == .float || binding.element == .bool else {
      throw DataError(
        "input `\(binding.input)` takes a mask, which is float[batch, time] or bool[batch, time]",
        range: binding.range)
    }
    let steps = try steps(binding.rowShape, binding)
    let bytes = groups.rows.flatMap { rows in
      (0..<steps).map { UInt8($0 < rows.count ? 1 : 0) }
    }
    return DataColumn(name: binding.input, rowShape: [steps], storage: .bytes(bytes, scale: 1))
  }

  private mutating func column(
    _ binding: DataBinding, of column: DataColumn
  ) throws(DataError) -> DataColumn {
    let isSingle = if case .column = binding.selector { true } else { false }
    let rank = binding.rowShape.rank
    if rank == (isSingle ? 0 : 1) {
      let shape = try finder.rowShape(of: binding, count: column.rowSize)
      let storage = try common(column, binding)
      return DataColumn(
        name: binding.input, rowShape: shape, storage: storage, classNames: column.classNames)
    }
    let expected = binding.rowShape.dims.dropFirst().reduce(Dim(1)) { $0 * $1 }
    guard rank == (isSingle ? 1 : 2), expected == Dim(column.rowSize) else {
      throw DataError(
        "input `\(binding.input)` takes \(binding.rowShape) a sequence, its columns give"
          + " \(isSingle ? "[time]" : "[time, \(column.rowSize)]")",
        help: "change the input's shape or the columns", range: binding.range)
    }
    let steps = try steps(binding.rowShape, binding)
    var padding: Int32 = 0
    if case .classes(_, let ignore?, _) = binding.element { padding = Int32(clamping: ignore) }
    let storage: DataColumn.Storage =
      switch column.storage {
      case .floats(let values): .floats(padded(values, column.rowSize, steps, 0))
      case .doubles(let values): .doubles(padded(values, column.rowSize, steps, 0))
      case .ints(let values): .ints(padded(values, column.rowSize, steps, padding))
      case .bytes(let values, let scale):
        .bytes(padded(values, column.rowSize, steps, 0), scale: scale)
      }
    return DataColumn(
      name: binding.input, rowShape: [steps] + (isSingle ? [] : [column.rowSize]),
      storage: storage, classNames: column.classNames)
  }

  private func padded<T>(_ values: [T], _ size: Int, _ steps: Int, _ padding: T) -> [T] {
    var result: [T] = []
    result.reserveCapacity(groups.rows.count * steps * size)
    for rows in groups.rows {
      for row in rows { result += values[row * size..<(row + 1) * size] }
      result += [T](repeating: padding, count: (steps - rows.count) * size)
    }
    return result
  }

  /// The numbers that all rows of each sequence have in common.
  private func common(
    _ column: DataColumn, _ binding: DataBinding
  ) throws(DataError) -> DataColumn.Storage {
    switch column.storage {
    case .floats(let values): .floats(try firsts(values, column.rowSize, binding))
    case .doubles(let values): .doubles(try firsts(values, column.rowSize, binding))
    case .ints(let values): .ints(try firsts(values, column.rowSize, binding))
    case .bytes(let values, let scale):
      .bytes(try firsts(values, column.rowSize, binding), scale: scale)
    }
  }

  private func firsts<T: Equatable>(
    _ values: [T], _ size: Int, _ binding: DataBinding
  ) throws(DataError) -> [T] {
    var result: [T] = []
    for (place, rows) in groups.rows.enumerated() {
      let first = values[rows[0] * size..<(rows[0] + 1) * size]
      for row in rows where !first.elementsEqual(values[row * size..<(row + 1) * size]) {
        throw DataError(
          "input `\(binding.input)` changes within sequence `\(shown(groups.names[place]))`",
          path: path, help: "give it a dimension for time, or make its column constant",
          range: binding.range)
      }
      result += first
    }
    return result
  }
}
