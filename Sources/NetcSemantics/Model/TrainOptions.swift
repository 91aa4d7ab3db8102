package import NetcCore

/// What the `train` statement says, defaults filled in.
package struct TrainOptions: Hashable, Sendable {
  /// How many examples a step takes.
  package enum Batch: Hashable, Sendable {
    case size(Int)
    /// The whole training part at each step.
    case all
  }

  /// What is held out.
  package enum Validation: Hashable, Sendable {
    case none
    /// A share of the rows, drawn by the seed; between 0 and 1.
    case share(Double)
    /// Another data set by its name.
    case data(String)
    /// The rows whose column says `validation`; those that say `train` are trained on.
    case column(DataColumnReference)
  }

  /// How long training lasts.
  package enum Length: Hashable, Sendable {
    case epochs(Int)
    case steps(Int)
  }

  /// Which figure of the validation pass early stopping watches.
  package struct Monitor: Hashable, Sendable {
    package enum Goal: String, Hashable, Sendable { case minimize, maximize }
    /// `loss`, another loss's name or a metric's.
    package var name: String
    package var goal: Goal

    package init(name: String, goal: Goal) {
      self.name = name
      self.goal = goal
    }
  }

  /// The data set trained on; nil when the caller feeds arrays.
  package var data: String?
  package var validation: Validation = .none
  package var length: Length = .epochs(1)
  package var batch: Batch = .size(32)
  package var seed: UInt64 = 0
  package var shuffles = true
  /// Epochs (or reports) without improvement after which training stops; nil never.
  package var patience: Int?
  package var monitor: Monitor?
  /// How many equal slices of a batch a step computes one after another.
  package var slices = 1
  /// Whether the last, smaller batch of an epoch is left out.
  package var dropsLastBatch = false
  /// A safetensors file that parameters start from, as written.
  package var start: String?
  /// Patterns of the parameters taken from `start`; empty for all.
  package var only: [String] = []
  /// The statement.
  package var range: SourceRange

  /// The defaults, for a statement at `range`.
  package init(range: SourceRange) { self.range = range }
}
