import NetcCore

/// Things that compile and are probably not meant.
extension DiagnosticKind {
  /// Two draws with one key.
  static let keyTwice = DiagnosticKind(
    "W0601", "two draws with one key",
    page: #"""
      Draws with the same key give the same numbers.

          let a = random_uniform(batch, key: "noise")
          let b = random_uniform(batch, key: "noise")           // W0601: b is a
      """#)

  /// An axis given as a number to compare with.
  static let extremumAxis = DiagnosticKind(
    "W0602", "an axis given as a number to compare with",
    page: #"""
      `max(x, 1)` compares every element of x with 1. The maximum over axis 1 is
      `max(x, axis: 1)`.
      """#)

  /// Probabilities where scores are expected.
  static let softmaxTwice = DiagnosticKind(
    "W0603", "probabilities where scores are expected",
    page: #"""
      `cross_entropy` takes logits and normalises them itself; `binary_cross_entropy`
      too. Softmax or sigmoid before it normalises twice, which trains badly.

          loss cross_entropy(softmax(h), y)                     // W0603
          loss cross_entropy(h, y)
      """#)

  /// A definition that nothing uses.
  static let unusedDefinition = DiagnosticKind(
    "W0604", "a definition that nothing uses",
    page: #"""
      A `fn`, `layer`, `rule`, instance or `const` of this file is not used.
      """#)

  /// A value that nothing uses.
  static let unusedValue = DiagnosticKind(
    "W0605", "a value that nothing uses",
    page: #"""
      A `let` or `var` does not reach a loss, metric, output or update. It costs
      nothing, but it may be a slip of the pen.
      """#)

  /// An input that nothing uses.
  static let unusedInput = DiagnosticKind(
    "W0606", "an input that nothing uses",
    page: #"""
      No loss, metric or output depends on this input.
      """#)

  /// An optimizer that changes nothing.
  static let idleOptimizer = DiagnosticKind(
    "W0607", "an optimizer that changes nothing",
    page: #"""
      Every parameter that its loss reaches is frozen, has an `update` of its own or
      belongs to another optimizer, so nothing is left for this one to change.
      """#)

  /// Scores that cannot be negative.
  static let clippedScores = DiagnosticKind(
    "W0608", "scores that cannot be negative",
    page: #"""
      A loss that takes logits was given the result of `relu`. Where it is 0 no gradient
      flows, and no class can score below 0. An activation belongs between layers, not
      after the last one.

          loss cross_entropy(x |> dense(10) |> relu, y)         // W0608
          loss cross_entropy(x |> dense(10), y)
      """#)

  /// An argument that nothing uses.
  static let unusedArgument = DiagnosticKind(
    "W0609", "an argument that nothing uses",
    page: #"""
      The body of a definition does not read this parameter of its signature, and no type
      of the signature does, so what callers give for it has no effect. Drop it; a name
      that begins with `_` says that it is meant.
      """#)

  /// A schedule of another length than training.
  static let scheduleLength = DiagnosticKind(
    "W0610", "a schedule of another length than training",
    page: #"""
      The learning rate falls until a step that training does not reach, or has fallen
      long before training ends.

          optimizer adam(lr: cosine(1e-3, steps: 5000))         // W0610
          train(d, steps: 1000)

      Where data decide the number of steps, as with `epochs:`, the run says so when it
      starts.
      """#)

  /// The kinds of this file, by code.
  static let ofWarnings = [
    keyTwice, extremumAxis, softmaxTwice, unusedDefinition, unusedValue, unusedInput,
    idleOptimizer, clippedScores, unusedArgument, scheduleLength,
  ]
}
