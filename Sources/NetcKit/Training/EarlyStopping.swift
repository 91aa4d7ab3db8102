import NetcSemantics

/// Watches one figure of the validation passes and says when it stopped getting better.
struct EarlyStopping: Hashable, Sendable {
  /// The figure watched.
  let monitor: TrainOptions.Monitor
  /// Reports without improvement after which training stops; nil never.
  let patience: Int?
  private(set) var best: Double?
  private(set) var bestEpoch = 0
  private(set) var reportsSinceBest = 0

  /// Watches `monitor`, or the first loss.
  init(_ train: TrainOptions, losses: [String]) {
    monitor = train.monitor ?? .init(name: losses.first ?? "loss", goal: .minimize)
    patience = train.patience
  }

  /// Continues where a saved run was.
  mutating func resume(best: Double?, bestEpoch: Int, reportsSinceBest: Int) {
    self.best = best
    self.bestEpoch = bestEpoch
    self.reportsSinceBest = reportsSinceBest
  }

  /// Takes a report's figures; returns whether they are the best so far. NaN is never better.
  mutating func isBest(_ figures: [Figure], epoch: Int) -> Bool {
    guard let value = figures[monitor.name] else { return false }
    let isBetter = best.map { monitor.goal == .minimize ? value < $0 : value > $0 } ?? !value.isNaN
    if isBetter {
      best = value
      bestEpoch = epoch
      reportsSinceBest = 0
    } else {
      reportsSinceBest += 1
    }
    return isBetter
  }

  /// Whether patience has run out.
  var isExhausted: Bool { patience.map { reportsSinceBest >= $0 } ?? false }
}
