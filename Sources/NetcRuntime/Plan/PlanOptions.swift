/// What a plan is for, beside its graph.
package struct PlanOptions: Hashable, Sendable {
  /// Which results of the graph a plan computes and what becomes of them.
  package enum Purpose: Hashable, Sendable {
    /// Losses are accumulated, updates written after a check that the losses are finite.
    case training
    /// Losses and metrics are accumulated.
    case evaluation
    /// Every result but updates is kept and can be read after the run; inputs are given whole.
    case once
  }

  package var purpose: Purpose
  /// The inputs whose first dimension counts examples: fed by rows. The others are given whole.
  package var batched: Set<String>
  /// The metric results that are summed over a pass; the others are averaged, weighted by examples.
  package var totals: Set<String>
  /// How many bytes the arena may take, values computed again where they are read to fit; nil for
  /// as many as the fastest step takes.
  package var memory: Int?
  /// Whether what a step only rearranges of its parameters is made before the first step after a
  /// change of them and kept, and products read them in panels: for plans that are run again and
  /// again over the same numbers.
  package var keepsWeights = false
  /// Whether one instruction updates small parameters that lie side by side, for which all their
  /// gradients are kept.
  var mergesUpdates = true
  /// Gives every value memory of its own, for tests of the memory plan.
  package var separateBuffers = false

  /// Divides every instruction into four parts, for tests of what threads share.
  package var dividesAll = false

  package init(
    _ purpose: Purpose, batched: Set<String> = [], totals: Set<String> = [],
    memory: Int? = nil
  ) {
    self.purpose = purpose
    self.batched = batched
    self.totals = totals
    self.memory = memory
  }
}
