import NetcCore
import NetcRuntime
import NetcSemantics

/// Measures a model: the loop of training over arrays in memory, batches shuffled and gathered, or
/// the latency of its outputs for one example.
///
/// A benchmark belongs to one thread at a time.
public final class Benchmark {
  /// The model.
  public let model: CompiledModel
  /// Examples a step takes.
  public let batch: Int
  let options: BenchmarkOptions
  /// The numbers, and what runs over them.
  package let session: ModelSession
  let data: BenchmarkData
  private var training: DataFeed?
  private var stepsPerBlock = 0

  /// A stretch of steps, or of calls, that was timed.
  public struct Block: Hashable, Sendable {
    /// How many steps or calls.
    public let count: Int
    public let seconds: Double
    /// The mean loss of the steps; NaN for calls.
    public let loss: Double

    public var stepsPerSecond: Double { Double(count) / seconds }
  }

  /// Loads the arrays and the first values.
  /// - Throws: `NetcError` when the program has no inputs or losses to measure or the data does not
  /// fit.
  public init(_ model: CompiledModel, options: BenchmarkOptions = BenchmarkOptions())
    throws(NetcError)
  {
    self.model = model
    self.options = options
    let inputs = model.model.inputs.filter(\.isBatched)
    guard inputs.count == model.model.inputs.count, !inputs.isEmpty else {
      throw .unsupported("a benchmark needs inputs whose first dimension counts examples")
    }
    var batch = options.batch ?? 32
    if options.batch == nil, case .size(let size)? = model.model.train?.batch { batch = size }
    self.batch = batch
    let dimensions = options.run.dimensions
    let width = try Benchmark.widestRow(inputs, dimensions, batch: batch)
    try model.checkMemory(options.run, batch: batch)
    let manifest = try options.folder.map { folder throws(NetcError) in
      try BenchmarkManifest(folder: folder)
    }
    if let manifest {
      data = try BenchmarkData(manifest, inputs, dimensions: dimensions)
    } else {
      let wanted = options.rows ?? min(max(1024, 128 * batch), 16384)
      let rows = max(batch, min(wanted, (1 << 26) / max(1, width)))
      data = try BenchmarkData(drawing: rows, inputs, dimensions: dimensions)
    }
    session = try ModelSession(model, options: options.run)
    try start(manifest?.parameters() ?? [], dimensions)
  }

  /// The most numbers an input has in one example.
  /// - Throws: `NetcError.unsupported` when a batch takes more than 2^28 of them.
  private static func widestRow(
    _ inputs: [ModelInput], _ dimensions: DimBindings, batch: Int
  ) throws(NetcError) -> Int {
    var widest = 0
    for input in inputs {
      let shape = try BenchmarkData.rowShape(input, dimensions)
      guard batch <= 1 << 24, let count = elementCount([batch] + shape), count <= 1 << 28 else {
        throw .unsupported("\(batch) examples of `\(input.name)` are too many numbers")
      }
      widest = max(widest, elementCount(shape) ?? 0)
    }
    return widest
  }

  /// Threads that divide a step's work.
  public var threads: Int { session.executor.threads }

  private var seed: UInt64 { options.run.seed ?? model.model.train?.seed ?? 0 }

  /// First values: the folder's, the program's for states and without a folder.
  private func start(
    _ parameters: [BenchmarkData.StoredParameter], _ dimensions: DimBindings
  ) throws(NetcError) {
    var places = BenchmarkParameters(model, dimensions: dimensions)
    var loaded: Set<String> = []
    for stored in parameters {
      for (name, tensor) in try places.match(stored) {
        try session.load(name, tensor)
        loaded.insert(name)
      }
    }
    if !loaded.isEmpty, let name = places.missing.first {
      throw .feed("\(options.folder ?? "")/params.f32 holds nothing for the parameter `\(name)`")
    }
    try session.initialize(seed: seed, but: loaded)
  }

  /// Makes the plan and takes one step, then finds how many steps last a block.
  /// - Returns: the seconds of the first step, planning included.
  @discardableResult
  public func warmUp() throws(NetcError) -> Double {
    let watch = Stopwatch()
    _ = try train(steps: 1)
    let first = watch.seconds
    let half = options.blockSeconds / 2
    var count = 1
    while true {
      let seconds = try train(steps: count).seconds
      if seconds >= half {
        stepsPerBlock = max(1, Int((Double(count) * options.blockSeconds / seconds).rounded(.up)))
        return first
      }
      let growth = min(8, 1.2 * half / max(seconds, 1e-9))
      count = max(count + 1, Int(min(Double(count) * growth, 1e12)))
    }
  }

  /// Trains for about the seconds of a block; `warmUp` comes first.
  public func block() throws(NetcError) -> Block { try train(steps: max(1, stepsPerBlock)) }

  /// Trains for some steps over shuffled batches.
  public func train(steps: Int) throws(NetcError) -> Block {
    let feed = try trainingFeed()
    session.executor.resetFigures()
    let watch = Stopwatch()
    try advance(feed, steps)
    let seconds = watch.seconds
    return Block(count: steps, seconds: seconds, loss: loss)
  }

  /// The losses of steps over fixed batches, rows in order, from the first values.
  public func check(steps: Int) throws(NetcError) -> [Double] {
    let whole = data.rows.count / batch * batch
    guard whole > 0 else { throw .unsupported("the rows are fewer than a batch of \(batch)") }
    let rows = (0..<min(whole / batch, max(1, steps)) * batch).map { data.rows[$0] }
    let feed = try feed(order: .sequential, rows: rows)
    var losses: [Double] = []
    for _ in 0..<steps {
      session.executor.resetFigures()
      try advance(feed, 1)
      losses.append(loss)
    }
    return losses
  }

  /// The sum of the program's losses, averaged over the steps since the last reset.
  private var loss: Double {
    model.losses(of: session.executor.figures).reduce(0) { $0 + $1.value }
  }

  private func trainingFeed() throws(NetcError) -> DataFeed {
    if let training { return training }
    let feed = try feed(order: order, rows: data.rows)
    training = feed
    return feed
  }

  private var order: DataFeed.Order {
    data.drawable.map { .drawn(seed: seed, count: $0) } ?? .shuffled(seed: seed)
  }

  private func feed(order: DataFeed.Order, rows: [Int32]) throws(NetcError) -> DataFeed {
    guard !model.losses.isEmpty else { throw .unsupported("the program has no loss to minimise") }
    do {
      let feed = try DataFeed(
        columns: data.columns, rows: rows, batch: batch, order: order, dropsLast: true)
      guard feed.epochCount > 0 else {
        throw NetcError.unsupported("the rows are fewer than a batch of \(batch)")
      }
      return feed
    } catch let error as ExecutorError {
      throw .feed(error.message)
    } catch let error as NetcError {
      throw error
    } catch {
      internalError("benchmark: \(error)")
    }
  }

  private func advance(_ feed: DataFeed, _ steps: Int) throws(NetcError) {
    let executor = session.executor
    let end = executor.step + steps
    do {
      while executor.step < end {
        let status = try executor.runTraining(
          session.training, feed: feed, steps: end - executor.step)
        if case .nonFinite(let step) = status {
          throw NetcError.unsupported("the loss of step \(step) is not finite")
        }
      }
    } catch let error as PlanError {
      throw NetcError(error, model)
    } catch let error as NetcError {
      throw error
    } catch {
      internalError("benchmark: \(error)")
    }
  }

  /// What each instruction of a step takes, the slowest first.
  public func profile() throws(NetcError) -> [InstructionCost] {
    let feed = try trainingFeed()
    do {
      let all = try session.executor.profileTraining(
        session.training, feed: feed, steps: max(3, stepsPerBlock))
      return all.map { InstructionCost($0, model) }.sorted { $0.nanoseconds > $1.nanoseconds }
    } catch {
      throw NetcError(error, model)
    }
  }
}
