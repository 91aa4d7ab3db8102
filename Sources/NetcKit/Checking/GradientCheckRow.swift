/// The derived gradient of one parameter against central differences.
public struct GradientCheckRow: Hashable, Sendable {
  /// The loss and the parameter.
  public let loss: String
  public let parameter: String
  /// How many numbers the parameter has.
  public let elements: Int
  /// Directions compared: each element on its own where there are few, else some elements and some
  /// random directions through all of them.
  public let compared: Int
  /// Directions left out because a kink lies within the step.
  public let skipped: Int
  /// ‖a - n‖ and max(‖a‖, ‖n‖) over the directions compared, a derived, n numeric.
  public let difference: Double
  public let scale: Double

  /// ‖a - n‖ ≤ 1e-6·max(‖a‖, ‖n‖) + 1e-9; and left out is at most one element or 1 % of them, or,
  /// of random directions, which others replace, half.
  ///
  /// What bounds the numeric side is rounding, 1e-16 of the loss over a step of 1e-3 or, near
  /// kinks, less, hence the 1e-9 beside a loss of about 1; truncation is taken below it by
  /// extrapolation. A wrong rule is wrong by 1e-3 or more.
  public var passes: Bool {
    let isWhole = compared + skipped == elements
    let most = isWhole ? max(1, 0.01 * Double(elements)) : 0.5 * Double(compared + skipped)
    return difference
      <= GradientChecker.relativeTolerance * scale + GradientChecker.absoluteTolerance
      && compared > 0 && Double(skipped) <= most
  }
}

/// How far a check of gradients has come.
public struct GradientCheckProgress: Hashable, Sendable {
  /// The gradient being checked, from 1, and how many there are.
  public let number: Int
  public let count: Int
  /// Its parameter.
  public let parameter: String
}
