/// Seconds since it was made.
struct Stopwatch {
  private let start = ContinuousClock.now

  var seconds: Double {
    let elapsed = ContinuousClock.now - start
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }
}

/// How fast steps go, so that the loop looks up at the asked interval and no more often.
struct Pace {
  private var secondsPerStep = 0.0
  private var spent = 0.0

  /// Starts the count of a new epoch.
  mutating func begin() { spent = 0 }

  /// How many steps fit the interval; one before anything is known.
  func steps(for interval: Double) -> Int {
    guard secondsPerStep > 0 else { return 1 }
    return max(1, Int(min(interval / secondsPerStep, 1e9)))
  }

  /// Takes note of steps that were done.
  mutating func took(_ seconds: Double, steps: Int) {
    guard steps > 0 else { return }
    spent += seconds
    let latest = seconds / Double(steps)
    secondsPerStep = secondsPerStep == 0 ? latest : 0.5 * (secondsPerStep + latest)
  }

  /// Examples a second of the running epoch.
  func perSecond(examples: Int) -> Double { spent > 0 ? Double(examples) / spent : 0 }

  /// Seconds that so many steps would take; nil before anything is known.
  func seconds(forSteps steps: Int) -> Double? {
    secondsPerStep > 0 ? Double(steps) * secondsPerStep : nil
  }
}
