import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics

/// The loop of a run: steps until a report, validation, early stopping, divergence.
///
/// Reports come at fixed steps, whatever the speed of the machine: at the end of each epoch, or
/// every tenth of the steps when the program counts steps and an epoch is longer.
struct TrainingLoop {
  private let session: ModelSession
  private let feed: DataFeed
  private let validation: DataFeed?
  private let train: TrainOptions
  private let stop: StopFlag
  private let interval: Double
  private let rate: LearningRate
  private(set) var stopping: EarlyStopping
  private var keptTrain: [Figure] = []
  private var keptValidation: [Figure] = []
  private(set) var keptEpoch = 0
  /// The best parameters when they are not the last ones.
  private(set) var best: Executor.Snapshot?
  /// Whether the run was stopped between two reports.
  private var isPartial = false
  private var epochStart: (snapshot: Executor.Snapshot, step: Int, epoch: Int, position: Int)?
  private var clock = Stopwatch()
  private var pace = Pace()

  init(
    _ session: ModelSession, feed: DataFeed, validation: DataFeed?, train: TrainOptions,
    stop: StopFlag, interval: Double
  ) {
    self.session = session
    self.feed = feed
    self.validation = validation
    self.train = train
    self.stop = stop
    self.interval = interval
    rate = LearningRate(session.compiled)
    stopping = EarlyStopping(train, losses: session.compiled.losses)
  }

  /// Steps of the whole run.
  var totalSteps: Int {
    switch train.length {
    case .steps(let steps): steps
    case .epochs(let epochs):
      epochs.multipliedReportingOverflow(by: feed.stepsPerEpoch).overflow
        ? Int.max : epochs * feed.stepsPerEpoch
    }
  }

  /// Continues where a saved run was.
  mutating func resume(_ saved: SavedProgress, best: Executor.Snapshot?) {
    feed.seek(epoch: saved.epoch, position: saved.position)
    stopping.resume(
      best: saved.best, bestEpoch: saved.bestEpoch, reportsSinceBest: saved.reportsSinceBest)
    keptEpoch = saved.keptEpoch
    keptTrain = saved.keptTrain
    keptValidation = saved.keptValidation
    session.executor.continuedSums = saved.partial
    self.best = best
  }

  /// Where the run is, for a saved file.
  var progress: SavedProgress {
    SavedProgress(
      step: session.executor.step, epoch: feed.epoch, position: feed.position, best: stopping.best,
      bestEpoch: stopping.bestEpoch, reportsSinceBest: stopping.reportsSinceBest,
      keptEpoch: keptEpoch, keptTrain: keptTrain, keptValidation: keptValidation,
      partial: isPartial ? session.executor.figures.sums : nil)
  }

  /// Trains to the end.
  mutating func run(_ onEvent: (TrainingEvent) -> Void) throws(NetcError) -> TrainingResult {
    var reason = TrainingResult.Reason.finished
    while session.executor.step < totalSteps, !stopping.isExhausted {
      remember()
      let status = try runToReport(onEvent)
      if case .nonFinite = status {
        reason = .diverged(try divergence())
        break
      }
      if status == .stopped {
        reason = .stopped
        isPartial = true
        break
      }
      try report(onEvent)
      if stopping.isExhausted { reason = .patience }
    }
    return TrainingResult(
      reason: reason, epoch: epochsBegun, step: session.executor.step, bestEpoch: keptEpoch,
      train: keptTrain, validation: keptValidation, seconds: clock.seconds)
  }

  /// The number of the running epoch, from 1; that of the finished one at its end.
  private var epochsBegun: Int { feed.epoch + 1 }

  /// The step of the next report.
  private var nextReport: Int {
    let step = session.executor.step
    let epochEnd = step + (feed.epochCount - consumed + feed.batch - 1) / feed.batch
    guard case .steps(let steps) = train.length else { return min(epochEnd, totalSteps) }
    let every = max(1, (steps + 9) / 10)
    if feed.stepsPerEpoch <= every { return min(epochEnd, totalSteps) }
    return min((step / every + 1) * every, totalSteps)
  }

  /// Examples of the epoch already taken; an epoch that is used up counts as a new one.
  private var consumed: Int { feed.position >= feed.epochCount ? 0 : feed.position }

  private mutating func remember() {
    epochStart = (session.executor.snapshot(), session.executor.step, feed.epoch, feed.position)
  }

  private mutating func runToReport(
    _ onEvent: (TrainingEvent) -> Void
  ) throws(NetcError) -> RunStatus {
    let executor = session.executor
    let target = nextReport
    let first = executor.step
    executor.resetFigures()
    pace.begin()
    while executor.step < target {
      let steps = min(target - executor.step, pace.steps(for: interval))
      let before = executor.step
      let watch = Stopwatch()
      let status: RunStatus
      do {
        status = try executor.runTraining(session.training, feed: feed, steps: steps, stop: stop)
      } catch {
        throw NetcError(error, session.compiled)
      }
      pace.took(watch.seconds, steps: executor.step - before)
      if status != .done, status != .endOfEpoch { return status }
      if executor.step < target { onEvent(.progress(progressEvent(from: first, to: target))) }
    }
    return .done
  }

  private func progressEvent(from first: Int, to target: Int) -> TrainingProgress {
    let executor = session.executor
    let figures = executor.figures
    let speed = pace.perSecond(examples: figures.examples)
    let left = pace.seconds(forSteps: totalSteps - executor.step)
    return TrainingProgress(
      epoch: epochsBegun, step: executor.step, totalSteps: totalSteps,
      stepInEpoch: executor.step - first, stepsPerEpoch: target - first,
      train: session.compiled.losses(of: figures), examplesPerSecond: speed, secondsLeft: left)
  }

  private mutating func report(_ onEvent: (TrainingEvent) -> Void) throws(NetcError) {
    let executor = session.executor
    let train = session.compiled.losses(of: executor.figures)
    let speed = pace.perSecond(examples: executor.figures.examples)
    let figures = try validate()
    let isBest = stopping.patience != nil && stopping.isBest(figures, epoch: epochsBegun)
    if isBest || stopping.patience == nil {
      keptEpoch = epochsBegun
      keptTrain = train
      keptValidation = figures
      best = nil
    }
    if isBest { best = executor.snapshot() }
    onEvent(
      .epoch(
        EpochReport(
          epoch: epochsBegun, step: executor.step, train: train, validation: figures,
          learningRate: rate.value(afterSteps: executor.step), examplesPerSecond: speed,
          isBest: isBest)))
  }

  private func validate() throws(NetcError) -> [Figure] {
    guard let validation else { return [] }
    do {
      let figures = try session.executor.runEvaluation(session.evaluation, feed: validation)
      return session.compiled.evaluationFigures(of: figures)
    } catch {
      throw NetcError(error, session.compiled)
    }
  }

  /// Finds the first operation that was not finite: in the step that stopped the run, or, when its
  /// parameters were spoilt already, in the step that spoilt them.
  private func divergence() throws(NetcError) -> Divergence {
    let executor = session.executor
    var report = executor.explainNonFinite(session.training, feed: feed)
    if let found = report, found.operation == "parameter" || found.operation == "state",
      let start = epochStart
    {
      executor.restore(start.snapshot)
      executor.step = start.step
      feed.seek(epoch: start.epoch, position: start.position)
      report = try executor.replayToNonFinite(session.training, feed: feed) ?? found
    }
    return Divergence(report, step: executor.step, session.compiled)
  }
}
