package import NetcCore
package import NetcGraph

/// What semantic analysis makes of a program: its graphs and what is declared beside them.
///
/// After analysis succeeds no later stage blames the user's program.
package struct Model: Sendable {
  /// The tensors fed, in order of declaration.
  package var inputs: [ModelInput] = []
  /// The trained (or frozen) tensors, in order of first use.
  package var parameters: [ModelParameter] = []
  /// The tensors carried between steps: layer states, optimizer states, data statistics.
  package var states: [ModelState] = []
  /// The names of the losses, in order of declaration.
  package var losses: [String] = []
  /// The metrics, in order of declaration.
  package var metrics: [ModelMetric] = []
  /// The names of the outputs, in order of declaration.
  package var outputs: [String] = []
  /// The optimizers, in order of declaration.
  package var optimizers: [ModelOptimizer] = []
  /// The schedules whose ends were known before the number of steps, which data decide.
  package var schedules: [ModelSchedule] = []
  /// The data sets declared.
  package var data: [DataRequest] = []
  /// What the `train` statement says; nil without one.
  package var train: TrainOptions?
  /// The constants of the main file as text, by name, overrides applied; stored with a saved run.
  package var constants: [ModelConstant] = []

  /// The graph of one training step with `training` true: results `.loss`, `.output`, `.update`
  /// (parameters and states) and `.watched` (`learning_rate` and other named scalars). Gradients
  /// are `grad` nodes still.
  package var training = Graph()
  /// The same program with `training` false: results `.loss`, `.metric` and `.output`.
  package var evaluation = Graph()
  /// The first value of every parameter and state: results `.initial` by name; depends on the seed
  /// alone.
  package var initial = Graph()

  /// An empty model, to be filled by analysis.
  package init() {}
}

/// A fed tensor.
package struct ModelInput: Hashable, Sendable {
  package var name: String
  /// What the elements are, classes included.
  package var element: DataBinding.Element
  /// The graph's type; classes are integers.
  package var type: TensorType
  /// Whether the first dimension counts examples; otherwise the whole tensor is fed at each step.
  package var isBatched: Bool
  /// Whether the graph standardises it with the states `NAME.mean` and `NAME.deviation`.
  package var isStandardized: Bool
  package var range: SourceRange

  package init(
    name: String, element: DataBinding.Element, type: TensorType, isBatched: Bool,
    isStandardized: Bool, range: SourceRange
  ) {
    self.name = name
    self.element = element
    self.type = type
    self.isBatched = isBatched
    self.isStandardized = isStandardized
    self.range = range
  }
}

/// A trained tensor.
package struct ModelParameter: Hashable, Sendable {
  /// The whole path, as `dense_1.weight`.
  package var name: String
  package var type: TensorType
  /// Whether `freeze` leaves it alone.
  package var isFrozen: Bool
  package var range: SourceRange

  package init(name: String, type: TensorType, isFrozen: Bool, range: SourceRange) {
    self.name = name
    self.type = type
    self.isFrozen = isFrozen
    self.range = range
  }
}

/// A tensor carried between steps and saved with the model, never trained.
package struct ModelState: Hashable, Sendable {
  /// Who owns a state.
  package enum Kind: String, Hashable, Sendable {
    /// A layer or the top level of the program.
    case layer
    /// An update rule: `PARAMETER.RULE.STATE`.
    case optimizer
    /// Mean and deviation of a standardised input, filled from the training rows.
    case statistic
  }

  package var name: String
  package var type: TensorType
  package var kind: Kind
  package var range: SourceRange

  package init(name: String, type: TensorType, kind: Kind, range: SourceRange) {
    self.name = name
    self.type = type
    self.kind = kind
    self.range = range
  }
}

/// A metric: how its figure over a data set comes from the batches.
package struct ModelMetric: Sendable {
  /// How batches are combined.
  package enum Combination: Sendable {
    /// The evaluation graph's result `.metric NAME`, a scalar, averaged over batches weighted by
    /// examples.
    case mean
    /// The results `.metric` of these names are summed over the pass; then `finish`, whose
    /// arguments they are in order, is evaluated once.
    case total(accumulated: [String], finish: GraphBody)
  }

  package var name: String
  package var combination: Combination
  /// Empty for a single number.
  package var shape: [Int]

  package init(name: String, combination: Combination, shape: [Int] = []) {
    self.name = name
    self.combination = combination
    self.shape = shape
  }
}

/// One optimizer of the program.
package struct ModelOptimizer: Hashable, Sendable {
  /// The chain as written.
  package var text: String
  /// The loss it minimises.
  package var loss: String
  /// The parameters it updates.
  package var parameters: [String]

  package init(text: String, loss: String, parameters: [String]) {
    self.text = text
    self.loss = loss
    self.parameters = parameters
  }
}

/// A constant of the main file.
package struct ModelConstant: Hashable, Sendable {
  package var name: String
  /// Its value in the language's syntax.
  package var text: String
  /// Whether it was set from outside (`--set`).
  package var isOverridden: Bool

  package init(name: String, text: String, isOverridden: Bool) {
    self.name = name
    self.text = text
    self.isOverridden = isOverridden
  }
}
