import NetcCore
import NetcData
import NetcRuntime
import NetcSemantics

/// The data of a run: loaded, split, with the statistics of standardised inputs.
struct PreparedData {
  /// Rows to take examples from.
  struct Part {
    let dataset: Dataset
    /// The rows used; ascending.
    let rows: [Int32]
  }

  let training: Part
  let validation: Part?
  /// Sizes of symbolic dimensions found in the data.
  let dimensions: DimBindings
  /// `NAME.mean` and `NAME.deviation` of standardised inputs, from the training rows.
  let statistics: [(name: String, tensor: Tensor)]

  /// Loads what the program's `train` statement names.
  init(_ compiled: CompiledModel, _ train: TrainOptions, seed: UInt64) throws(NetcError) {
    guard let name = train.data else {
      throw .unsupported("the program's `train` names no data: feed arrays from Swift, or name a data set")
    }
    let main = try PreparedData.load(name, compiled)
    switch train.validation {
    case .none:
      training = Part(dataset: main, rows: allRows(main))
      validation = nil
    case .share(let share):
      let parts = splitRows(count: main.rowCount, validation: share, seed: seed)
      guard !parts.training.isEmpty, !parts.validation.isEmpty else {
        throw .data(
          message: "\(main.rowCount) rows leave one side of the split empty with validation: \(numberText(share))",
          help: "choose another share")
      }
      training = Part(dataset: main, rows: parts.training)
      validation = Part(dataset: main, rows: parts.validation)
    case .data(let other):
      let held = try PreparedData.load(other, compiled)
      training = Part(dataset: main, rows: allRows(main))
      validation = Part(dataset: held, rows: allRows(held))
    }
    guard !training.rows.isEmpty else {
      throw .data(message: "data set `\(name)` has no rows", help: nil)
    }
    dimensions = main.dimensions
    statistics = PreparedData.statistics(training, compiled)
  }

  /// The rows of a declared data set.
  static func load(_ name: String, _ compiled: CompiledModel) throws(NetcError) -> Dataset {
    guard let request = compiled.model.data.first(where: { $0.name == name }) else {
      throw .unsupported("the program declares no data set `\(name)`")
    }
    return try load(request, compiled)
  }

  /// The rows a request asks for.
  static func load(_ request: DataRequest, _ compiled: CompiledModel) throws(NetcError) -> Dataset {
    do {
      return try request.load(relativeTo: compiled.directory, precision: compiled.options.precision)
    } catch {
      throw NetcError(error, sources: compiled.sources)
    }
  }

  private static func statistics(
    _ part: Part, _ compiled: CompiledModel
  ) -> [(name: String, tensor: Tensor)] {
    var result: [(name: String, tensor: Tensor)] = []
    for input in compiled.model.inputs where input.isStandardized {
      guard let column = part.dataset[input.name] else { continue }
      let measured = Standardization(column, rows: part.rows)
      for (suffix, values) in [("mean", measured.means), ("deviation", measured.deviations)] {
        if let tensor = Tensor(shape: column.rowShape, .double(values)) {
          result.append((name: "\(input.name).\(suffix)", tensor: tensor))
        }
      }
    }
    return result
  }
}

/// Every row of a data set.
func allRows(_ dataset: Dataset) -> [Int32] {
  (0..<dataset.rowCount).map { Int32(truncatingIfNeeded: $0) }
}

extension NetcError {
  /// A mistake in data, with the place in the program when it has no place in a file.
  init(_ error: DataError, sources: SourceMap) {
    var message = error.description
    if error.path == nil, let range = error.range { message = "\(sources.location(range)): \(message)" }
    self = .data(message: message, help: error.help)
  }
}
