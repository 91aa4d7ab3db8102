import NetcCore

/// Mistakes in losses, metrics, outputs, updates and optimizers.
extension DiagnosticKind {
  /// A loss that is no number.
  static let lossNotScalar = DiagnosticKind(
    "E0601", "a loss that is no number",
    page: #"""
      A loss is one real number. Most losses take the mean by themselves.

          loss (h - y)^2                         // E0601: one for each example
          loss mean((h - y)^2)
      """#)

  /// A loss that depends on nothing.
  static let lossConstant = DiagnosticKind(
    "E0602", "a loss that depends on nothing",
    page: #"""
      A loss is computed from inputs and parameters; a number alone cannot be made
      smaller.
      """#)

  /// An optimizer without a loss.
  static let noLoss = DiagnosticKind(
    "E0603", "an optimizer without a loss",
    page: #"""
      An optimizer needs a `loss` to minimise.

          loss mse(prediction, target)
          optimizer adam(lr: 1e-3)
      """#)

  /// A loss that does not exist.
  static let unknownLoss = DiagnosticKind(
    "E0604", "a loss that does not exist",
    page: #"""
      `minimize` names one of the losses; one without a name is called `loss`.
      """#)

  /// Several losses and no choice.
  static let minimizeNeeded = DiagnosticKind(
    "E0605", "several losses and no choice",
    page: #"""
      With several losses every optimizer says which one it minimises.

          optimizer adam() minimize critic for "D.*"
      """#)

  /// A parameter that the loss does not depend on.
  static let parameterUnreached = DiagnosticKind(
    "E0606", "a parameter that the loss does not depend on",
    page: #"""
      No value of this parameter changes the loss, so it would never be trained. Use
      it, drop it, or `freeze` it if it is only read by outputs.
      """#)

  /// A loss without a gradient.
  static let zeroGradient = DiagnosticKind(
    "E0607", "a loss without a gradient",
    page: #"""
      The loss depends on the parameter, but through steps only, so its derivative is
      zero almost everywhere and training would not move. Counting wrong answers is
      such a loss:

          loss zero_one(y, z)                    // E0607
          loss hinge(y, z)
          metric zero_one(y, z)
      """#)

  /// A parameter without an optimizer.
  static let parameterUnclaimed = DiagnosticKind(
    "E0608", "a parameter without an optimizer",
    page: #"""
      Every trained parameter belongs to one optimizer. One without `for` takes all
      that its loss reaches and no other claims.
      """#)

  /// A parameter with two optimizers.
  static let optimizersOverlap = DiagnosticKind(
    "E0609", "a parameter with two optimizers",
    page: #"""
      Patterns after `for` must not name the same parameter twice.
      """#)

  /// A pattern that names nothing.
  static let patternUnmatched = DiagnosticKind(
    "E0610", "a pattern that names nothing",
    page: #"""
      `*` stands for any run of characters, dots included, `?` for one. The pattern
      covers the whole name: `"encoder.*"`, `"*.weight"`.
      """#)

  /// An update of something else.
  static let updateTarget = DiagnosticKind(
    "E0611", "an update of something else",
    page: #"""
      `update` gives a parameter or state its next value.
      """#)

  /// Two ways to change one value.
  static let updateTwice = DiagnosticKind(
    "E0612", "two ways to change one value",
    page: #"""
      A parameter is changed by one `update` or by one optimizer; a state is assigned
      or updated.
      """#)

  /// A rule that returns another shape.
  static let ruleShape = DiagnosticKind(
    "E0613", "a rule that returns another shape",
    page: #"""
      What a rule returns is subtracted from the parameter, so it has its shape.
      """#)

  /// A sum over parameters outside a rule.
  static let groupSumOutsideRule = DiagnosticKind(
    "E0614", "a sum over parameters outside a rule",
    page: #"""
      `group_sum(e)` sums a scalar over all parameters of an optimizer and stands in a
      `rule`.
      """#)

  /// A sum over the data outside a metric.
  static let totalOutsideMetric = DiagnosticKind(
    "E0615", "a sum over the data outside a metric",
    page: #"""
      `total(e)` sums over the whole pass and stands in a `metric`. Within a step
      `sum` sums over the batch.
      """#)

  /// A sum of what has no fixed shape.
  static let totalNotScalar = DiagnosticKind(
    "E0616", "a sum of what has no fixed shape",
    page: #"""
      `total` sums what has the same shape in every batch, `total(sum(hit))` or
      one number for each class; `group_sum` one number of each parameter.
      """#)

  /// A metric that is no number.
  static let metricNotScalar = DiagnosticKind(
    "E0617", "a metric that is no number",
    page: #"""
      A metric is one number, averaged over the data weighted by examples. One made of
      `total` may have more, such as one for each class.
      """#)

  /// A metric that mixes totals and a batch.
  static let metricMixesBatch = DiagnosticKind(
    "E0618", "a metric that mixes totals and a batch",
    page: #"""
      What stands above `total` is computed once at the end, when there is no batch
      any more.

          metric m = total(sum(x)) / mean(x)                    // E0618
          metric m = total(sum(x)) / total(size(x))
      """#)

  /// Two results of one name.
  static let resultTwice = DiagnosticKind(
    "E0619", "two results of one name",
    page: #"""
      Losses, metrics and outputs each have names of their own: `metric top5 = …`.
      """#)

  /// A result without a name.
  static let resultUnnamed = DiagnosticKind(
    "E0620", "a result without a name",
    page: #"""
      A metric or output takes the name of a value or of the function called. Any
      other expression needs one: `output p = a + b`.
      """#)

  /// A parameter that exists in evaluation only.
  static let evaluationOnly = DiagnosticKind(
    "E0621", "a parameter that exists in evaluation only",
    page: #"""
      Parameters are made when the program is lowered for training. A layer that is
      called only `if not training` would have parameters that nothing trains.
      """#)

  /// The kinds of this file, by code.
  static let ofPrograms = [
    lossNotScalar, lossConstant, noLoss, unknownLoss, minimizeNeeded, parameterUnreached,
    zeroGradient, parameterUnclaimed, optimizersOverlap, patternUnmatched, updateTarget,
    updateTwice, ruleShape, groupSumOutsideRule, totalOutsideMetric, totalNotScalar,
    metricNotScalar, metricMixesBatch, resultTwice, resultUnnamed, evaluationOnly,
  ]
}
