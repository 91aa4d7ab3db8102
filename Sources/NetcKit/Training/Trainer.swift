import NetcCore
import NetcData
import NetcRuntime
import NetcSemantics

/// Trains a model as its program says, on the data its program names.
public struct Trainer: Sendable {
  /// The model.
  public let model: CompiledModel
  /// Settings of the run.
  public var options: RunOptions

  /// A trainer of `model`.
  public init(_ model: CompiledModel, options: RunOptions = RunOptions()) {
    self.model = model
    self.options = options
  }

  /// Trains to the end: loads and splits the data, sets the first values, steps, validates, stops
  /// early.
  /// - Parameter stop: ends the run before its next step; what was reached is returned.
  /// - Throws: `NetcError` for data, saved files and programs that cannot be trained.
  public func train(
    stop: StopSwitch = StopSwitch(), onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws(NetcError) -> TrainedModel {
    let resumed = try options.resume.map { path throws(NetcError) in
      try SavedModel(contentsOf: path)
    }
    let train = try trainOptions(resuming: resumed)
    let seed = train.seed
    try model.checkMemory(options)
    let data = try PreparedData(model, train, seed: seed)
    let session = try ModelSession(model, options: options, dimensions: data.dimensions)
    try session.initialize(seed: seed)
    for (name, tensor) in data.statistics { try session.load(name, tensor) }
    if let start = train.start { try load(start, only: train.only, into: session, onEvent) }
    let feed = try feed(data.training, train, order: data.training.order(train, seed: seed))
    guard feed.epochCount > 0 else {
      throw .unsupported(
        "the \(feed.rowCount) training rows are fewer than a batch of \(feed.batch), which `last_batch: drop` leaves out"
      )
    }
    try checkSlices(of: feed)
    let validation = try data.validation.map { part throws(NetcError) in
      try self.feed(part, train, order: .sequential, dropsLast: false)
    }
    var loop = TrainingLoop(
      session, feed: feed, validation: validation, train: train, stop: stop.flag,
      interval: options.progressInterval)
    if let resumed { try resume(resumed, &loop, session) }
    onEvent(.started(start(data, loop, session, train)))
    if options.epochs == nil, options.steps == nil { checkSchedules(loop.totalSteps, onEvent) }
    let result = try loop.run(onEvent)
    return TrainedModel(
      model: model, result: result, saved: saved(session, loop, seed, data.training.dataset))
  }

  /// Checks that every batch, the last one of an epoch too, can be cut as `accumulate` asks.
  private func checkSlices(of feed: DataFeed) throws(NetcError) {
    try model.checkSlices(of: min(feed.batch, feed.rowCount))
    let last = feed.epochCount % feed.batch
    guard let slices = model.model.train?.slices, last % slices != 0 else { return }
    throw .unsupported(
      "the last batch of an epoch has \(last) examples, which `accumulate` cannot cut into"
        + " \(slices) equal slices: add `last_batch: drop`"
    )
  }

  /// The program's `train` statement with the run's replacements; a resumed run keeps its seed,
  /// which says what is held out and in which order rows come.
  private func trainOptions(resuming saved: SavedModel?) throws(NetcError) -> TrainOptions {
    guard !model.losses.isEmpty else {
      throw .unsupported("the program has no loss, so there is nothing to train")
    }
    guard var train = model.model.train else {
      throw .unsupported("the program has no `train` statement: add `train(DATA, epochs: 10)`")
    }
    if let epochs = options.epochs { train.length = .epochs(epochs) }
    if let steps = options.steps { train.length = .steps(steps) }
    if let seed = options.seed ?? saved?.seed { train.seed = seed }
    return train
  }

  private func feed(
    _ part: PreparedData.Part, _ train: TrainOptions, order: DataFeed.Order, dropsLast: Bool? = nil
  ) throws(NetcError) -> DataFeed {
    let batch: Int
    switch train.batch {
    case .size(let size): batch = size
    case .all: batch = part.rows.count
    }
    do {
      return try DataFeed(
        columns: part.dataset.columns.map(DataFeed.Column.init), rows: part.rows, batch: batch,
        order: order, dropsLast: dropsLast ?? train.dropsLastBatch)
    } catch {
      throw .feed(error.message)
    }
  }

  /// Takes parameters from another run's file, those the patterns name.
  private func load(
    _ start: String, only patterns: [String], into session: ModelSession,
    _ onEvent: (TrainingEvent) -> Void
  ) throws(NetcError) {
    let path =
      start.hasPrefix("/") || model.directory.isEmpty ? start : "\(model.directory)/\(start)"
    let saved = try SavedModel(contentsOf: path)
    for parameter in model.parameters {
      guard patterns.isEmpty || patterns.contains(where: { matches(parameter.name, glob: $0) })
      else { continue }
      guard let tensor = saved[parameter.name] else {
        onEvent(.warning("`\(parameter.name)` is not in \(path) and starts from its initializer"))
        continue
      }
      try session.load(parameter.name, tensor)
    }
  }

  private func resume(
    _ saved: SavedModel, _ loop: inout TrainingLoop, _ session: ModelSession
  ) throws(NetcError) {
    let path = options.resume ?? ""
    guard let progress = saved.progress else {
      throw .checkpoint(path: path, reason: "holds no progress of a run to continue")
    }
    var best: Executor.Snapshot?
    if progress.best != nil {
      try session.load(saved, path: path)
      best = session.executor.snapshot()
    }
    try session.load(saved, path: path, resuming: true)
    session.executor.step = progress.step
    loop.resume(progress, best: best)
  }

  /// Warns of learning rates that end elsewhere than training, now that its steps are known.
  private func checkSchedules(_ total: Int, _ onEvent: (TrainingEvent) -> Void) {
    for schedule in model.model.schedules {
      guard let mistake = schedule.mistake(total: total) else { continue }
      let place = model.sources.location(schedule.range)
      onEvent(
        .warning(
          "\(place): \(mistake.message), which ends at step \(total); \(mistake.help)"))
    }
  }

  private func start(
    _ data: PreparedData, _ loop: TrainingLoop, _ session: ModelSession, _ train: TrainOptions
  ) -> TrainingStart {
    var epochs: Int?
    if case .epochs(let count) = train.length { epochs = count }
    var dropped = data.training.dataset.droppedRowCount
    if case .data = train.validation {
      dropped += data.validation?.dataset.droppedRowCount ?? 0
    }
    return TrainingStart(
      trainingExamples: data.training.rows.count,
      validationExamples: data.validation?.rows.count ?? 0, droppedRows: dropped,
      parameterCount: model.trainedCount ?? 0, epochs: epochs, steps: loop.totalSteps,
      threads: session.executor.threads,
      standardized: model.model.inputs.filter(\.isStandardized).map(\.name))
  }

  /// The kept parameters with the last optimizer states, and the last parameters where they differ.
  private func saved(
    _ session: ModelSession, _ loop: TrainingLoop, _ seed: UInt64, _ dataset: Dataset
  ) -> SavedModel {
    var saved = SavedModel()
    let last = session.entries
    saved.tensors = last
    // Taken before the best parameters are put back, which puts back their step too.
    saved.progress = loop.progress
    if let best = loop.best {
      let optimizer = Set(model.model.states.filter { $0.kind == .optimizer }.map(\.name))
      session.executor.restore(best)
      saved.tensors = zip(session.entries, last).map { optimizer.contains($0.name) ? $1 : $0 }
      saved.last = zip(saved.tensors, last).filter { $0.tensor != $1.tensor }.map { $1 }
    }
    saved.seed = seed
    saved.constants = model.model.constants
    for column in dataset.columns { saved.classNames[column.name] = column.classNames }
    return saved
  }
}

extension PreparedData.Part {
  /// The order in which training takes the rows.
  fileprivate func order(_ train: TrainOptions, seed: UInt64) -> DataFeed.Order {
    guard train.shuffles else { return .sequential }
    return drawable.map { .drawn(seed: seed, count: $0) } ?? .shuffled(seed: seed)
  }
}

/// What training leaves: how it ended and the numbers kept.
public struct TrainedModel: Sendable {
  /// The model trained.
  public let model: CompiledModel
  /// How training ended, with the figures of the parameters kept.
  public let result: TrainingResult
  /// The parameters and states, ready to be written to a file or used.
  public let saved: SavedModel
}

extension DataFeed.Column {
  /// A column of a data set.
  init(_ column: DataColumn) {
    let stored: Storage =
      switch column.storage {
      case .floats(let values): .floats(values)
      case .doubles(let values): .doubles(values)
      case .ints(let values): .ints(values)
      case .bytes(let values, let scale): .bytes(values, scale: scale)
      }
    self.init(
      name: column.name, rowShape: column.rowShape, storage: stored, offset: column.offset,
      stride: column.stride)
  }
}
