import NetcCore
import NetcData
import NetcSemantics

/// Rows that a column of the data sends to training or validation.
extension PreparedData {
  /// What the column is called among inputs, whose names have no spaces.
  private static let part = "the part"
  private static let parts = ["train", "validation", "test"]

  /// Adds the column that says which part a row belongs to.
  /// - Throws: `NetcError.data` when the reader has no columns.
  static func bind(
    _ column: DataColumnReference, in request: inout DataRequest, sources: SourceMap
  ) throws(NetcError) {
    guard request.reader == "csv" else {
      throw .data(
        message: "`validation: column(…)` needs data of `csv`, `\(request.name)` is read by"
          + " `\(request.reader)`", help: "give a share or another data set")
    }
    if let window = request.option("window") {
      throw NetcError(
        DataError(
          "`window` and `validation: column(…)` exclude one another", help: "hold out a share",
          range: window.range), sources: sources)
    }
    request.bindings.append(
      DataBinding(
        input: part, element: .classes(count: parts.count, names: parts), rowShape: [],
        selector: .column(column), range: request.range))
  }

  /// The rows that say `train` and those that say `validation`; `test` is left out.
  /// - Throws: `NetcError.data` when one side has no rows.
  static func split(_ data: Dataset) throws(NetcError) -> (training: Part, validation: Part) {
    guard case .ints(let labels)? = data[part]?.storage else {
      internalError("prepared data: no column says which part rows belong to")
    }
    let dataset = Dataset(
      rowCount: data.rowCount, columns: data.columns.filter { $0.name != part },
      dimensions: data.dimensions, droppedRowCount: data.droppedRowCount)
    let rows = [Int32(0), 1].map { wanted in
      labels.indices.filter { labels[$0] == wanted }.map { Int32(truncatingIfNeeded: $0) }
    }
    for (name, rows) in zip(parts, rows) where rows.isEmpty {
      throw .data(
        message: "no row of the column for validation says `\(name)`",
        help: "it says `train`, `validation` or `test` in each row")
    }
    return (Part(dataset: dataset, rows: rows[0]), Part(dataset: dataset, rows: rows[1]))
  }
}

/// Weights of classes.
extension PreparedData {
  /// The columns of inputs that `class_weight(…)` feeds, by the training part's labels.
  /// - Throws: `NetcError.data` when the labels are not fed or the input is of another shape.
  func weighted(
    _ part: Part, _ data: String, _ compiled: CompiledModel
  ) throws(NetcError) -> Part {
    var part = part
    let request = compiled.model.data.first { $0.name == data }
    for binding in request?.bindings ?? [] {
      guard case .classWeight(let input) = binding.selector else { continue }
      let known = compiled.model.inputs.first { $0.name == input }?.element
      guard case .classes(let count, _, _)? = known, let labels = training.dataset[input],
        let own = part.dataset[input]
      else {
        throw .data(
          message: "class_weight(\(input)) needs the labels of `\(input)`, which `\(data)` does not"
            + " feed", help: "bind `\(input)` in the same statement")
      }
      guard binding.element == .float, binding.rowShape.sizes(dimensions) == own.rowShape else {
        throw .data(
          message: "input `\(binding.input)` takes a weight for each label of `\(input)`",
          help: "declare it with the shape of `\(input)`")
      }
      let weights = ClassWeights(labels, rows: training.rows, count: count)
      part.dataset = part.dataset.adding(
        weights.column(binding.input, of: own, precision: compiled.options.precision))
    }
    return part
  }
}
