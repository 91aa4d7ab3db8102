import NetcCore
import NetcGraph
import NetcRuntime

extension Divergence {
  /// The runtime's finding in terms of the program.
  init(_ report: NonFiniteReport?, step: Int, _ compiled: CompiledModel) {
    let operation = report.map { found in
      found.name.map { "\($0) (\(found.operation))" } ?? found.operation
    }
    self.init(
      step: report?.step ?? step, operation: operation ?? "unknown", found: report?.found ?? "nan",
      location: report?.origin.range.map { compiled.location($0) },
      isDerivative: report?.origin.rule != nil)
  }
}

extension Executor {
  /// Repeats steps from the present place until one leaves a parameter or state that is not finite,
  /// and names the first operation of that step that was not; nil when none does within the epoch.
  func replayToNonFinite(_ plans: PlanCache, feed: DataFeed) throws(NetcError) -> NonFiniteReport? {
    while true {
      let before = snapshot()
      let place = (step: step, epoch: feed.epoch, position: feed.position)
      let status: RunStatus
      do { status = try runTraining(plans, feed: feed, steps: 1) } catch {
        throw .unsupported(error.message)
      }
      let isSpoilt = layout.entries.contains { entry in
        read(entry.name)?.doubles.contains { !$0.isFinite } ?? false
      }
      if isSpoilt || status != .done {
        restore(before)
        step = place.step
        feed.seek(epoch: place.epoch, position: place.position)
        return explainNonFinite(plans, feed: feed)
      }
    }
  }
}
