import NetcCore
import NetcData
import NetcRuntime
import NetcSemantics

/// Which rows of a program's data are evaluated.
public enum DataPart: String, Hashable, Sendable, CaseIterable {
  /// The rows training uses.
  case training
  /// The rows held out.
  case validation
  /// All rows of the data set that `train` names.
  case all
}

/// Evaluates and applies a model with saved numbers.
public struct Evaluator: Sendable {
  /// The model.
  public let model: CompiledModel
  /// Its parameters and states.
  public let saved: SavedModel
  /// Settings of the run.
  public var options: RunOptions

  /// An evaluator of `model` with the numbers of `saved`.
  public init(_ model: CompiledModel, saved: SavedModel, options: RunOptions = RunOptions()) {
    self.model = model
    self.saved = saved
    self.options = options
  }

  /// Losses and metrics over rows of the program's data, in evaluation mode, split as the saved run
  /// split them.
  /// - Throws: `NetcError` for data, or for numbers that do not fit the program.
  public func evaluate(_ part: DataPart) throws(NetcError) -> (figures: [Figure], examples: Int) {
    let train = try trainOptions()
    let data = try PreparedData(
      model, train, seed: options.seed ?? saved.runSeed ?? train.seed, classNames: saved.classNames)
    let rows: PreparedData.Part
    switch part {
    case .training: rows = data.training
    case .validation:
      guard let held = data.validation else {
        throw .unsupported("the program holds nothing out: its `train` has no `validation`")
      }
      rows = held
    case .all: rows = PreparedData.Part(whole: data.training.dataset)
    }
    let session = try session(data.dimensions)
    do {
      var batch = rows.rows.count
      if case .size(let size) = train.batch { batch = size }
      let feed = try DataFeed(
        columns: rows.dataset.columns.map(DataFeed.Column.init), rows: rows.rows, batch: batch)
      let figures = try session.executor.runEvaluation(session.evaluation, feed: feed)
      return (model.evaluationFigures(of: figures), rows.rows.count)
    } catch let error as PlanError {
      throw NetcError(error, model)
    } catch let error as ExecutorError {
      throw .feed(error.message)
    } catch {
      internalError("evaluator: \(error)")
    }
  }

  private func trainOptions() throws(NetcError) -> TrainOptions {
    guard let train = model.model.train else {
      throw .unsupported("the program has no `train` statement that names its data")
    }
    return train
  }

  /// A session that holds the saved numbers.
  func session(_ dimensions: DimBindings) throws(NetcError) -> ModelSession {
    let session = try ModelSession(model, options: options, dimensions: dimensions)
    try session.initialize(seed: saved.seed)
    try session.load(saved, path: "the saved model")
    return session
  }
}
