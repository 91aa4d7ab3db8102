/// The derivative of a function of one number by central differences, extrapolated to step 0.
///
/// Steps shrink by 4 from 1e-3; each two give an estimate whose error is of fourth order in the
/// step, and estimates that agree bound it. A step too long for how the function bends, or one that
/// reaches over a kink, makes them disagree, and a shorter one is tried until rounding is all that
/// is left: a network with 1e5 rectified values has a kink about every 1e-6.
///
/// Source: Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982.
struct CentralDifference {
  /// The longest step, and how many there are.
  private static let firstStep = 1e-3
  private static let levels = 8
  /// Disagreement of two steps, relative to the slope, that is good enough at once; and the most
  /// that is taken for smooth.
  private static let goodEnough = 1e-8
  private static let smooth = 1e-6
  /// Rounding of a loss, in units of its last place.
  private static let roundingUnits = 16.0

  /// One step's differences.
  private struct Level {
    let step: Double
    let central: Double
    /// How far the one-sided slopes are apart.
    let gap: Double
    let magnitude: Double
  }

  /// The slope at 0; nil at a kink, or where the function is not finite.
  /// - Parameters:
  ///   - center: the function at 0.
  ///   - length: what a step of 1 is relative to.
  static func slope<E: Error>(
    center: Double, length: Double, _ function: (Double) throws(E) -> Double
  ) throws(E) -> Double? {
    var best: (value: Double, error: Double, isSmooth: Bool)?
    var last: Level?
    var lastEstimate: Double?
    var step = firstStep * length
    for _ in 0..<levels {
      let above = try function(step)
      let below = try function(-step)
      let right = (above - center) / step
      let left = (center - below) / step
      let level = Level(
        step: step, central: (above - below) / (2 * step), gap: abs(right - left),
        magnitude: max(abs(right), abs(left)))
      guard level.central.isFinite else { return nil }
      let noise = roundingUnits * max(1e-300, abs(center)) * Double.ulpOfOne / step
      if let wider = last {
        let estimate = (16 * level.central - wider.central) / 15
        // Of steps below a kink two may agree before three do.
        let added = abs(level.central - wider.central)
        let error = min(lastEstimate.map { abs(estimate - $0) } ?? added, added)
        let isSmooth = error <= smooth * level.magnitude + 4 * noise && bends(level, wider, noise)
        if isSmooth, error <= goodEnough * level.magnitude + noise { return estimate }
        if best.map({ error + noise < $0.error }) ?? true {
          best = (estimate, error + noise, isSmooth)
        }
        lastEstimate = estimate
      }
      last = level
      step /= 4
    }
    guard let best, best.isSmooth else { return nil }
    return best.value
  }

  /// Whether the one-sided slopes come together as the step shrinks, which at a kink they do not.
  private static func bends(_ level: Level, _ wider: Level, _ noise: Double) -> Bool {
    level.gap <= 1e-6 * level.magnitude + 4 * noise || level.gap <= 0.5 * wider.gap + 4 * noise
  }
}
