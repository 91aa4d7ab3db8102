/// What training tells its caller while it runs.
public enum TrainingEvent: Hashable, Sendable {
  /// Before the first step.
  case started(TrainingStart)
  /// Several times a second.
  case progress(TrainingProgress)
  /// After each epoch and its validation.
  case epoch(EpochReport)
  /// Something the user should know that does not stop training.
  case warning(String)
}

/// What is going to happen.
public struct TrainingStart: Hashable, Sendable {
  /// Rows trained on and rows held out.
  public let trainingExamples: Int
  public let validationExamples: Int
  /// Rows of the data left out because a value is missing.
  public let droppedRows: Int
  /// Trained numbers of the model.
  public let parameterCount: Int
  /// Epochs in all when the program counts epochs, steps in all when it counts steps.
  public let epochs: Int?
  public let steps: Int
  /// Worker threads.
  public let threads: Int
  /// Inputs that are standardised inside the model.
  public let standardized: [String]
}

/// How far an epoch is.
public struct TrainingProgress: Hashable, Sendable {
  /// The running epoch, from 1.
  public let epoch: Int
  /// Completed steps of the whole run, and how many there will be at most.
  public let step: Int
  public let totalSteps: Int
  /// Steps done of this epoch and how many it has.
  public let stepInEpoch: Int
  public let stepsPerEpoch: Int
  /// Losses over the epoch so far.
  public let train: [Figure]
  public let examplesPerSecond: Double
  /// Seconds until the run would end without early stopping; nil while unknown.
  public let secondsLeft: Double?
}

/// The figures of one epoch.
public struct EpochReport: Hashable, Sendable {
  /// From 1.
  public let epoch: Int
  /// Completed steps of the whole run.
  public let step: Int
  /// Losses over the epoch's training passes as they happened.
  public let train: [Figure]
  /// Losses and metrics over the held-out rows, in evaluation mode; empty without validation.
  public let validation: [Figure]
  /// The argument `lr` of the last rule that has one.
  public let learningRate: Double?
  public let examplesPerSecond: Double
  /// Whether the watched figure is the best so far.
  public let isBest: Bool
}

/// How training ended.
public struct TrainingResult: Hashable, Sendable {
  /// Why it ended.
  public enum Reason: Hashable, Sendable {
    /// The program's epochs or steps are done.
    case finished
    /// No improvement for as many epochs as `patience` says.
    case patience
    /// The caller asked.
    case stopped
    /// The loss or a parameter stopped being finite: the step, and where it began.
    case diverged(Divergence)
  }

  public let reason: Reason
  /// Completed epochs and steps.
  public let epoch: Int
  public let step: Int
  /// The epoch whose parameters are kept, from 1.
  public let bestEpoch: Int
  /// The losses of that epoch's training passes.
  public let train: [Figure]
  /// Losses and metrics over the held-out rows with the parameters kept.
  public let validation: [Figure]
  /// Seconds spent in all.
  public let seconds: Double
}

/// Where training stopped being finite.
public struct Divergence: Hashable, Sendable {
  /// The step that was not applied, counted from 0.
  public let step: Int
  /// The first operation whose result is not finite, with its value's name when it has one.
  public let operation: String
  /// `nan`, `inf` or `-inf`.
  public let found: String
  /// `file:line:column` of the source that asked for it; nil when unknown.
  public let location: String?
  /// Whether it is in the derivative rather than in the program's own computation.
  public let isDerivative: Bool
}
