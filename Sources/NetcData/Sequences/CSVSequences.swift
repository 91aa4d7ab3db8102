import NetcCore

/// The part of a request that makes sequences of rows: `id:` names the column by which rows belong
/// together, `order:` the one they are sorted by.
struct CSVSequences {
  /// The column of names.
  let id: String
  /// What is read of each row.
  let rowRequest: DataRequest
  private let bindings: [DataBinding]
  /// No input can have this name: names have no spaces.
  static let order = "the order"

  /// Nil for a request without `id:`.
  /// - Throws: DataError for a mask or an order without `id:`, and for standardised sequences.
  init?(_ request: DataRequest) throws(DataError) {
    let masked = request.bindings.first { $0.selector == .mask }
    guard case .string(let id)? = request.option("id")?.value else {
      guard masked == nil, request.option("order") == nil else {
        throw DataError(
          "\(masked == nil ? "`order`" : "`mask()`") belongs to sequences",
          help: "name the column that tells them apart, as id: \"series\"",
          range: masked?.range ?? request.option("order")?.range)
      }
      return nil
    }
    if let standardized = request.bindings.first(where: request.standardizes) {
      throw DataError(
        "`standardize` does not go with sequences: the padding would count",
        help: "bring the column to mean 0 and deviation 1 in the file",
        range: standardized.range ?? request.range)
    }
    self.id = id
    bindings = request.bindings
    var rows = request
    rows.bindings = request.bindings.filter { $0.selector != .mask }
    for index in rows.bindings.indices {
      let isSingle = if case .column = rows.bindings[index].selector { true } else { false }
      let shape = rows.bindings[index].rowShape
      // What one place in time takes; what does not fit is reported with the sequences.
      let width = shape.dims.last?.constant.map { Dim($0) } ?? Dim(symbol: "width \(index)")
      rows.bindings[index].rowShape = isSingle ? [] : [width]
    }
    if case .string(let column)? = request.option("order")?.value {
      rows.bindings.append(
        DataBinding(
          input: CSVSequences.order, element: .float, rowShape: [],
          selector: .column(.name(column)), range: request.option("order")?.range))
    }
    rowRequest = rows
  }

  /// The sequences of a table's rows.
  /// - Throws: DataError for what the inputs cannot take.
  func dataset(of table: Dataset, names: [String], path: String) throws(DataError) -> Dataset {
    let order: [Double]?
    switch table[CSVSequences.order]?.storage {
    case .doubles(let numbers): order = numbers
    case .floats(let numbers): order = numbers.map { Double($0) }
    default: order = nil
    }
    let groups = try SequenceGroups(names: names, order: order, path: path)
    var columns = SequenceColumns(groups, path: path)
    return try columns.dataset(bindings, of: table)
  }
}
