import NetcCore
import NetcData
import NetcRuntime
import NetcSemantics

/// The data of a run: loaded, split, with the statistics of standardised inputs.
struct PreparedData {
  /// Rows to take examples from.
  struct Part {
    var dataset: Dataset
    /// The rows used; ascending. Of windows those side by side.
    let rows: [Int32]
    /// How many rows from the first on a shuffled epoch draws windows from; nil for other rows.
    var drawable: Int?
  }

  private(set) var training: Part
  private(set) var validation: Part?
  /// Sizes of symbolic dimensions found in the data.
  let dimensions: DimBindings
  /// `NAME.mean` and `NAME.deviation` of standardised inputs, from the training rows.
  let statistics: [(name: String, tensor: Tensor)]

  /// Loads what the program's `train` statement names.
  /// - Parameter classNames: the names of the classes of a saved model's inputs.
  init(
    _ compiled: CompiledModel, _ train: TrainOptions, seed: UInt64,
    classNames: [String: [String]] = [:]
  ) throws(NetcError) {
    guard let name = train.data else {
      throw .unsupported(
        "the program's `train` names no data: feed arrays from Swift, or name a data set")
    }
    var share = 0.0
    if case .share(let held) = train.validation { share = held }
    var split: DataColumnReference?
    if case .column(let column) = train.validation { split = column }
    let main = try PreparedData.load(name, compiled, classNames, heldOut: share, split: split)
    switch train.validation {
    case .none:
      training = Part(whole: main)
      validation = nil
    case .share where main.windows != nil:
      (training, validation) = try PreparedData.split(main, share)
    case .share:
      let parts = splitRows(count: main.rowCount, validation: share, seed: seed)
      guard !parts.training.isEmpty, !parts.validation.isEmpty else {
        throw .data(
          message:
            "\(main.rowCount) rows leave one side of the split empty with validation: \(numberText(share))",
          help: "choose another share")
      }
      training = Part(dataset: main, rows: parts.training)
      validation = Part(dataset: main, rows: parts.validation)
    case .column:
      (training, validation) = try PreparedData.split(main)
    case .data(let other):
      var names = classNames
      for column in main.columns { names[column.name] = names[column.name] ?? column.classNames }
      training = Part(whole: main)
      validation = Part(whole: try PreparedData.load(other, compiled, names))
    }
    guard !training.rows.isEmpty else {
      throw .data(message: "data set `\(name)` has no rows", help: nil)
    }
    dimensions = main.dimensions
    statistics = PreparedData.statistics(training, compiled)
    var other = name
    if case .data(let held) = train.validation { other = held }
    let (bare, held) = (training, validation)
    training = try weighted(bare, name, compiled)
    validation = try held.map { part throws(NetcError) in try weighted(part, other, compiled) }
  }

  /// The rows of a declared data set; classes without names in the program take the names given.
  static func load(
    _ name: String, _ compiled: CompiledModel, _ classNames: [String: [String]] = [:],
    heldOut: Double = 0, split: DataColumnReference? = nil
  ) throws(NetcError) -> Dataset {
    guard var request = compiled.model.data.first(where: { $0.name == name }) else {
      throw .unsupported("the program declares no data set `\(name)`")
    }
    request.name(classes: classNames)
    request.heldOut = heldOut
    if let split { try PreparedData.bind(split, in: &request, sources: compiled.sources) }
    do {
      return try request.load(relativeTo: compiled.directory, precision: compiled.options.precision)
    } catch {
      throw NetcError(error, sources: compiled.sources)
    }
  }

  /// Windows before and after the place where the share held out begins.
  private static func split(
    _ data: Dataset, _ share: Double
  ) throws(NetcError) -> (training: Part, validation: Part) {
    guard let windows = data.windows else { internalError("prepared data: no windows to split") }
    let cut = Dataset.Windows.trainingLength(of: windows.length, heldOut: share)
    let training = windows.starts(in: 0..<cut)
    let validation = windows.starts(in: cut..<windows.length)
    guard let last = windows.lastStart(in: 0..<cut), !validation.isEmpty else {
      throw .data(
        message: "\(windows.length) places leave a side of the split shorter than an example,"
          + " \(windows.span) places, with validation: \(numberText(share))",
        help: "choose another share, more data or a shorter window")
    }
    return (
      Part(dataset: data, rows: training, drawable: windows.isDrawn ? last + 1 : nil),
      Part(dataset: data, rows: validation)
    )
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

extension PreparedData.Part {
  /// Every row of a data set.
  init(whole dataset: Dataset) {
    self.init(
      dataset: dataset, rows: dataset.orderedRows,
      drawable: dataset.windows?.isDrawn == true ? dataset.rowCount : nil)
  }
}

extension NetcError {
  /// A mistake in data, with the place in the program when it has no place in a file.
  init(_ error: DataError, sources: SourceMap) {
    var message = error.description
    if error.path == nil, let range = error.range {
      message = "\(sources.location(range)): \(message)"
    }
    self = .data(message: message, help: error.help)
  }
}
