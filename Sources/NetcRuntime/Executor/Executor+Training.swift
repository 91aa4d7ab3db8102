import CNetc
import NetcCore
import NetcGraph

extension Executor {
  /// Trains for at most `steps` steps, within one epoch; the smaller last batch gets its own plan.
  /// - Throws: when a batch size cannot be planned or the feed lacks an input.
  package func runTraining(
    _ plans: PlanCache, feed: DataFeed, steps: Int, stop: StopFlag? = nil
  ) throws(PlanError) -> RunStatus {
    feed.advanceIfNeeded()
    var left = steps
    while left > 0, feed.position < feed.epochCount {
      let rest = feed.epochCount - feed.position
      let batch = min(feed.batch, rest)
      let loaded = try plans.loaded(batch: batch)
      let outcome = try run(loaded, feed, steps: min(left, rest / batch), stop)
      left -= outcome.done
      if outcome.isNonFinite { return .nonFinite(step: step) }
      if outcome.isStopped { return .stopped }
    }
    return feed.position >= feed.epochCount ? .endOfEpoch : .done
  }

  private func run(
    _ loaded: LoadedPlan, _ feed: DataFeed, steps: Int, _ stop: StopFlag?
  ) throws(PlanError) -> Engine.Outcome {
    let plan = loaded.plan
    let binding = try FeedBinding(plan, feed)
    try loadConstants(plan, feed)
    if figures.entries.isEmpty {
      figures.entries = plan.figures.map { Figures.Entry($0) }
      if let sums = continuedSums { figures.resume(sums) }
      continuedSums = nil
    }
    let outcome = figures.accumulate { accumulators in
      binding.withColumns { columns in
        engine.run(
          loaded,
          Engine.Run(
            persistent: persistent.base, version: version, accumulators: accumulators,
            columns: columns, permutation: feed.permutation, cursor: feed.position,
            steps: steps, step: step, randomStep: step, seed: seed, isTraining: true, stop: stop))
      }
    }
    changeVersion()
    feed.position += outcome.done * plan.batch
    step += outcome.done
    figures.examples += outcome.done * plan.batch
    figures.steps += outcome.done
    for output in plan.outputs {
      switch output.place {
      case .slot(let slot): watched[output.name] = engine.slot(slot)
      case .number(let number): watched[output.name] = number
      case .memory: break
      }
    }
    return outcome
  }

  /// Copies what the feed gives whole.
  func loadConstants(_ plan: Plan, _ feed: DataFeed) throws(PlanError) {
    do {
      try loadWhole(plan, feed.whole)
    } catch {
      throw PlanError(error.message)
    }
  }
}

extension Figures.Entry {
  init(_ figure: PlanFigure) {
    self.init(
      role: figure.role, name: figure.name, shape: figure.shape, isTotal: figure.isTotal,
      sums: Array(repeating: 0, count: figure.count))
  }
}

extension Figures {
  /// Lets kernels add to the sums, which continue where they are.
  mutating func accumulate<R>(_ body: (UnsafeMutablePointer<Double>?) -> R) -> R {
    var flat = entries.flatMap(\.sums)
    flat.append(0)
    let result = flat.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    var place = 0
    for index in entries.indices {
      let count = entries[index].sums.count
      entries[index].sums = Array(flat[place..<place + count])
      place += count
    }
    return result
  }
}
