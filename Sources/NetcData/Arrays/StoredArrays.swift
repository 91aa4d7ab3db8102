import NetcCore

/// Makes columns of arrays read from files, one array an input.
struct StoredArrays {
  private let request: DataRequest
  private let precision: Precision
  private let scale: Double

  /// For a request; `scale` multiplies the numbers of float inputs.
  init(_ request: DataRequest, precision: Precision, scale: Double = 1) {
    self.request = request
    self.precision = precision
    self.scale = scale
  }

  /// The columns of the arrays that `read` finds for each binding.
  /// - Throws: DataError for other shapes, unequal numbers of rows, numbers an input cannot hold.
  func dataset(
    _ read: (DataBinding) throws(DataError) -> StoredArray
  ) throws(DataError) -> Dataset {
    var finder = DimensionFinder()
    var columns: [DataColumn] = []
    var first: StoredArray?
    for binding in request.bindings {
      let array = try read(binding)
      guard let rowCount = array.shape.first else {
        throw DataError(
          "the array is a single number, its first dimension should count rows",
          path: array.path, range: binding.range)
      }
      if let first, first.shape[0] != rowCount {
        throw DataError(
          "\(rowCount) rows for `\(binding.input)`, but `\(columns[0].name)` has \(first.shape[0])"
            + (first.path == array.path ? "" : " (\(first.path))"),
          path: array.path, help: "the first dimension of each array counts rows",
          range: binding.range)
      }
      guard rowCount > 0 else { throw DataError("there are no rows of data", path: array.path) }
      guard rowCount < Int(Int32.max) else {
        throw DataError("more than \(Int32.max) rows", path: array.path)
      }
      first = first ?? array
      columns.append(try column(array, binding, &finder))
    }
    guard let first else {
      throw DataError("`\(request.reader)` feeds no input", range: request.range)
    }
    return Dataset(rowCount: first.shape[0], columns: columns, dimensions: finder.sizes)
  }

  private func column(
    _ array: StoredArray, _ binding: DataBinding, _ finder: inout DimensionFinder
  ) throws(DataError) -> DataColumn {
    let rowShape: [Int]
    do throws(DataError) {
      rowShape = try finder.rowShape(of: binding, stored: Array(array.shape.dropFirst()))
    } catch {
      var placed = error
      placed.path = array.path
      throw placed
    }
    if let storage = try unchanged(array, binding) {
      return DataColumn(
        name: binding.input, rowShape: rowShape, storage: storage,
        standardize: request.standardizes(binding))
    }
    let factor = binding.element == .float ? scale : 1
    var builder = ColumnBuilder(
      binding, precision: precision, standardize: request.standardizes(binding))
    var place = 0
    do throws(ValueProblem) {
      while place < array.values.count {
        try builder.append(array.values[place] * factor)
        place += 1
      }
      return try builder.column(rowShape: rowShape)
    } catch {
      let size = max(1, elementCount(rowShape) ?? 1)
      throw DataError(
        place < array.values.count ? "row \(place / size): \(error.message)" : error.message,
        path: array.path, help: error.help, range: binding.range)
    }
  }

  /// The numbers as they are stored, where that is how they are fed.
  private func unchanged(
    _ array: StoredArray, _ binding: DataBinding
  ) throws(DataError) -> DataColumn.Storage? {
    guard binding.element == .float else { return nil }
    switch array.values {
    case .bytes(let bytes): return .bytes(bytes, scale: scale)
    case .floats(let numbers) where scale == 1 && precision == .single:
      guard let wrong = numbers.firstIndex(where: { !$0.isFinite }) else { return .floats(numbers) }
      let size = max(1, numbers.count / max(1, array.shape.first ?? 1))
      throw DataError(
        "row \(wrong / size): `\(numbers[wrong])` is not a finite number", path: array.path,
        range: binding.range)
    default: return nil
    }
  }
}
