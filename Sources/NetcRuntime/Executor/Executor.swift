package import NetcCore
package import NetcGraph

/// Runs plans over one persistent segment: parameters, states, the step counter and the seed.
package final class Executor {
  package let layout: PersistentLayout
  /// Threads that divide the work; results do not depend on it.
  package let threads: Int
  /// Completed updates.
  package var step = 0
  /// The seed of every random draw.
  package var seed: UInt64 = 0

  /// - Parameter threads: at least 1.
  /// - Parameter isa: the instruction set, at most the machine's; nil for the best.
  package init(layout: PersistentLayout, threads: Int = 1, isa: Int? = nil) {
    self.layout = layout
    self.threads = max(1, threads)
  }

  /// Sets a parameter or state.
  package func load(_ name: String, _ tensor: Tensor) throws(ExecutorError) {}

  /// The numbers of a parameter or state: `.float` or `.double` by the precision.
  package func read(_ name: String) -> Tensor? { nil }

  /// A copy of the persistent segment.
  package func snapshot() -> Snapshot { Snapshot() }

  /// Puts a copy back.
  package func restore(_ snapshot: Snapshot) {}

  /// Parameters and states at one moment.
  package struct Snapshot: Sendable {}

  /// What training steps added up since the last `resetFigures`.
  package private(set) var figures = Figures()

  /// Sets the sums to zero.
  package func resetFigures() { figures = Figures() }

  /// Trains for at most `steps` steps, within one epoch; the smaller last batch gets its own plan.
  package func runTraining(
    _ plans: PlanCache, feed: DataFeed, steps: Int, stop: StopFlag? = nil
  ) throws(PlanError) -> RunStatus { .done }

  /// Takes every example of the feed once, in order, and returns the sums.
  package func runEvaluation(
    _ plans: PlanCache, feed: DataFeed, stop: StopFlag? = nil
  ) throws(PlanError) -> Figures { Figures() }

  /// Runs a plan made for `.once` on whole tensors.
  package func runOnce(
    _ plan: Plan, inputs: [String: Tensor]
  ) throws(ExecutorError) -> RunOutputs { RunOutputs() }

  /// Repeats the step that stopped a run in the reference interpreter and names its first NaN or infinity.
  package func explainNonFinite(_ plans: PlanCache, feed: DataFeed) -> NonFiniteReport? { nil }
}
