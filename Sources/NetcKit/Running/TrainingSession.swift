public import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics

/// Trains a model step by step on the caller's own arrays.
///
/// A session belongs to one thread at a time; the work of a step is divided inside.
public final class TrainingSession {
  /// The model.
  public let model: CompiledModel
  private let session: ModelSession
  private let options: RunOptions

  /// A session whose parameters have their first values, which follow from `seed` alone.
  /// - Throws: `NetcError.unsupported` when a size is not known or a tensor too large.
  public init(
    _ model: CompiledModel, seed: UInt64 = 0, options: RunOptions = RunOptions()
  ) throws(NetcError) {
    self.model = model
    self.options = options
    session = try ModelSession(model, options: options)
    try session.initialize(seed: seed)
  }

  /// Completed steps.
  public var stepCount: Int { session.executor.step }

  /// One update on a batch: the first dimension of each tensor counts its examples.
  /// - Returns: the losses of the batch before the update.
  /// - Throws: `NetcError.feed` for tensors that do not fit, `.unsupported` when the loss is not
  ///   finite; the parameters are then as they were.
  public func step(_ inputs: [String: Tensor]) throws(NetcError) -> [Figure] {
    guard !model.losses.isEmpty else { throw .unsupported("the program has no loss to minimise") }
    let feed = try feed(inputs, needed: model.training.inputNames)
    try model.checkSlices(of: feed.batch)
    session.executor.resetFigures()
    do {
      let status = try session.executor.runTraining(session.training, feed: feed, steps: 1)
      if case .nonFinite(let step) = status {
        let report = session.executor.explainNonFinite(session.training, feed: feed)
        let divergence = Divergence(report, step: step, model)
        throw NetcError.unsupported(
          "step \(step): \(divergence.operation) gave \(divergence.found)")
      }
    } catch let error as PlanError {
      throw NetcError(error, model)
    } catch let error as NetcError {
      throw error
    } catch {
      internalError("training session: \(error)")
    }
    return model.losses(of: session.executor.figures)
  }

  /// Losses and metrics over a batch, in evaluation mode.
  /// - Throws: `NetcError.feed` for tensors that do not fit.
  public func evaluate(_ inputs: [String: Tensor]) throws(NetcError) -> [Figure] {
    let feed = try feed(inputs, needed: model.evaluation.inputNames)
    do {
      let figures = try session.executor.runEvaluation(session.evaluation, feed: feed)
      return model.evaluationFigures(of: figures)
    } catch {
      throw NetcError(error, model)
    }
  }

  /// The outputs for a batch. The first call for its size plans it, later ones only compute.
  /// - Throws: `NetcError.feed` for tensors that do not fit.
  public func predict(
    _ inputs: [String: Tensor], outputs: [String] = []
  ) throws(NetcError) -> [Prediction] {
    try session.predict(inputs, outputs: outputs)
  }

  /// The numbers of a parameter or state.
  public subscript(name: String) -> Tensor? { session.read(name) }

  /// Sets a parameter or state.
  /// - Throws: `NetcError.feed` when there is none of that name or the shape differs.
  public func set(_ name: String, to tensor: Tensor) throws(NetcError) {
    try session.load(name, tensor)
  }

  /// Parameters and states as they are, ready to be written to a file.
  public var saved: SavedModel {
    var saved = SavedModel()
    saved.tensors = session.entries
    saved.seed = session.executor.seed
    return saved
  }

  /// Takes parameters and states from a saved model.
  /// - Throws: `NetcError.checkpoint` when a parameter is missing or a shape differs.
  public func load(_ saved: SavedModel) throws(NetcError) {
    try session.load(saved, path: "the saved model")
  }

  /// A feed of one batch, the tensors checked against the inputs' types.
  private func feed(
    _ inputs: [String: Tensor], needed: [String]
  ) throws(NetcError) -> DataFeed {
    try model.checkNames(of: inputs, needed: needed)
    let bindings = try model.bindings(of: inputs, given: options.dimensions)
    let batch = model.batchSymbol.flatMap { bindings[$0] } ?? 1
    var columns: [DataFeed.Column] = []
    var whole: [String: Tensor] = [:]
    for input in model.model.inputs {
      guard let tensor = inputs[input.name] else { continue }
      guard input.isBatched else {
        whole[input.name] = tensor
        continue
      }
      columns.append(DataFeed.Column(tensor, name: input.name))
    }
    do {
      return try DataFeed(columns: columns, batch: batch, whole: whole, examples: batch)
    } catch {
      throw .feed(error.message)
    }
  }
}

extension DataFeed.Column {
  /// A tensor whose first dimension counts rows.
  fileprivate init(_ tensor: Tensor, name: String) {
    let stored: Storage =
      switch tensor.storage {
      case .float(let values): .floats(values)
      case .double(let values): .doubles(values)
      case .int(let values): .ints(values)
      case .bool(let values): .bytes(values.map { $0 ? 1 : 0 }, scale: 1)
      }
    self.init(name: name, rowShape: Array(tensor.shape.dropFirst()), storage: stored)
  }
}
