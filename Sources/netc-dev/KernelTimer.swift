import NetcCore
import NetcRuntime

/// Measures calls on one thread in turn with the peak of the registers.
struct KernelTimer {
  let set: Int
  let precision: Precision

  /// What calls take.
  struct Times {
    /// Seconds of one call: the median and the ends of the middle half.
    let median: Double
    let low: Double
    let high: Double
    /// The median of seconds times the peak measured just before, in GFLOP: what the registers
    /// alone would have done meanwhile.
    let peaks: Double
    /// The median of the first body's seconds divided by this one's of the same turn.
    let share: Double
  }

  /// Fifteen measurements of at least 2 ms of each body, which runs as often as it is told, all in
  /// turn and each after one of the peak.
  func measure(_ bodies: [(Int) -> Void]) -> [Times] {
    let counts = bodies.map { body in
      var count = 1
      while seconds({ body(count) }) < 0.002 { count *= 2 }
      return count
    }
    var times = bodies.map { _ in [Double]() }
    var peaks = times
    for _ in 0..<15 {
      for (place, body) in bodies.enumerated() {
        let peak = peak(rounds: 60_000, times: 1)
        let time = seconds { body(counts[place]) } / Double(counts[place])
        times[place].append(time)
        peaks[place].append(time * peak)
      }
    }
    return bodies.indices.map { place in
      let sorted = times[place].sorted()
      let shares = zip(times[0], times[place]).map { $0 / $1 }.sorted()
      return Times(
        median: sorted[7], low: sorted[3], high: sorted[11], peaks: peaks[place].sorted()[7],
        share: shares[7])
    }
  }

  /// The best of some measurements of the peak, in GFLOP/s.
  func peak(rounds: Int = 3_000_000, times: Int = 5) -> Double {
    (0..<times).map { _ in
      var work = 0
      let time = seconds {
        work = KernelProbe.multiplyAdds(set: set, precision, rounds: rounds)
      }
      return Double(work) / time / 1e9
    }.max() ?? 0
  }

  private func seconds(_ body: () -> Void) -> Double {
    let duration = ContinuousClock().measure(body)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
