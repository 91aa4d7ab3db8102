import CNetc
import NetcCore
import NetcGraph

extension Executor {
  /// Takes every example of the feed once, in the order of its rows, and returns the sums.
  ///
  /// Random draws see the batch's place in the pass as their step. A stop ends the pass early.
  /// - Throws: when a batch size cannot be planned or the feed lacks an input.
  package func runEvaluation(
    _ plans: PlanCache, feed: DataFeed, stop: StopFlag? = nil
  ) throws(PlanError) -> Figures {
    feed.seek(epoch: 0, position: 0)
    var result = Figures()
    while feed.position < feed.epochCount {
      let rest = feed.epochCount - feed.position
      let batch = min(feed.batch, rest)
      let loaded = try plans.loaded(batch: batch)
      let binding = try FeedBinding(loaded.plan, feed)
      try loadConstants(loaded.plan, feed)
      if result.entries.isEmpty {
        result.entries = loaded.plan.figures.map { Figures.Entry($0) }
      }
      let first = result.steps
      let outcome = result.accumulate { accumulators in
        binding.withColumns { columns in
          engine.run(
            loaded,
            Engine.Run(
              persistent: persistent.base, version: version, accumulators: accumulators,
              columns: columns, permutation: feed.permutation, cursor: feed.position,
              steps: rest / batch, step: step, randomStep: first, seed: seed, stop: stop))
        }
      }
      feed.position += outcome.done * batch
      result.steps += outcome.done
      result.examples += outcome.done * batch
      if outcome.isStopped { break }
    }
    return result
  }
}
