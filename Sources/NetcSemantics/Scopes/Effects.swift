/// What a body may do besides computing its results from its arguments.
struct Effects: OptionSet, Hashable, Sendable {
  let rawValue: Int

  /// Draws random numbers.
  static let random = Effects(rawValue: 1)
  /// Reads `step`.
  static let step = Effects(rawValue: 2)
  /// Asks whether it is lowered for training.
  static let training = Effects(rawValue: 4)
  /// Sums over the data set or the optimizer's parameters.
  static let collective = Effects(rawValue: 8)
  /// Differentiates.
  static let grad = Effects(rawValue: 16)
  /// Applies a layer or a function it was handed.
  static let open = Effects(rawValue: 32)

  /// Whether a call may be kept whole as a composite.
  var isPure: Bool { subtracting(.training).isEmpty }
}
