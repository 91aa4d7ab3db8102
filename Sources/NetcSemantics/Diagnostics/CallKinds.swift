import NetcCore

/// Mistakes in calls: arguments, settings, what may be called where.
extension DiagnosticKind {
  /// An argument that is missing.
  static let argumentMissing = DiagnosticKind(
    "E0501", "an argument that is missing",
    page: #"""
      Every parameter without a default needs an argument.

          let h = dense(x)                       // E0501: how many units?
          let h = dense(x, 64)
      """#)

  /// An argument too many.
  static let argumentSurplus = DiagnosticKind(
    "E0502", "an argument too many",
    page: #"""
      The callable takes fewer arguments, or has its settings already, as an instance
      has.
      """#)

  /// An argument that does not exist.
  static let unknownLabel = DiagnosticKind(
    "E0503", "an argument that does not exist",
    page: #"""
      Labels are checked and never ignored.

          let h = dropout(x, rate: 0.5)          // E0503
          let h = dropout(x, 0.5)
      """#)

  /// An argument given twice.
  static let argumentTwice = DiagnosticKind(
    "E0504", "an argument given twice",
    page: #"""
      An argument is given once: in its place, by its label, or by what stands before
      `|>`.
      """#)

  /// An argument that needs its label.
  static let labelNeeded = DiagnosticKind(
    "E0505", "an argument that needs its label",
    page: #"""
      Parameters with a default are given by their label, so that a later default
      cannot shift what a call means.

          let h = dense(x, 64, false)            // E0505
          let h = dense(x, 64, bias: false)
      """#)

  /// An argument of another kind.
  static let argumentKind = DiagnosticKind(
    "E0506", "an argument of another kind",
    page: #"""
      The parameter takes another kind of value: its type is in the message.

          loss cross_entropy(logits, y)          // E0506 when y is float[batch]

      `class` and `bool` become numbers by `float(…)` and `int(…)` only.
      """#)

  /// A call that takes no input.
  static let takesNoInput = DiagnosticKind(
    "E0507", "a call that takes no input",
    page: #"""
      What stands before `|>` is the first argument, and this callable has none to
      fill.
      """#)

  /// A tensor given to a layer that is not applied.
  static let openArgumentGiven = DiagnosticKind(
    "E0508", "a tensor given to a layer that is not applied",
    page: #"""
      Where a layer or function is named without being applied, in `layer fc = …` or
      as an argument, its tensors stay open and only its settings are given.
      """#)

  /// A layer inside a function.
  static let layerInFunction = DiagnosticKind(
    "E0509", "a layer inside a function",
    page: #"""
      A `fn` has no parameters of its own, so it cannot call a layer. Make it a
      `layer`.

          fn block(x: float[n, k]) { return dense(x, 8) }       // E0509
          layer block(x: float[n, k]) { return dense(x, 8) }
      """#)

  /// An instance of an instance.
  static let instanceOfInstance = DiagnosticKind(
    "E0510", "an instance of an instance",
    page: #"""
      `layer b = a` with an instance `a` would be `a` itself. Apply `a` twice to share
      its parameters, or write its definition again for parameters of its own.
      """#)

  /// A rule outside an optimizer.
  static let ruleCalled = DiagnosticKind(
    "E0511", "a rule outside an optimizer",
    page: #"""
      A `rule` says how a parameter changes and stands in an `optimizer`.
      """#)

  /// An optimizer that is no rule.
  static let notARule = DiagnosticKind(
    "E0512", "an optimizer that is no rule",
    page: #"""
      An optimizer is a rule or a chain of rules.

          optimizer relu                         // E0512
          optimizer clip_norm(1.0) |> adam(lr: 1e-3)
      """#)

  /// A body without return.
  static let nothingReturned = DiagnosticKind(
    "E0513", "a body without return",
    page: #"""
      The body of a `fn`, `layer`, `rule` or `gradient` ends with `return`.
      """#)

  /// Another number of results.
  static let resultCount = DiagnosticKind(
    "E0514", "another number of results",
    page: #"""
      The number of values after `return` is not the number of types after `->`.
      """#)

  /// Parameters in the wrong order.
  static let parameterOrder = DiagnosticKind(
    "E0515", "parameters in the wrong order",
    page: #"""
      A signature has its tensors first, then settings without a default, then
      everything with a default, because calls fill them in that order.

          fn f(k: int, x: float[n]) { … }        // E0515
          fn f(x: float[n], k: int) { … }
      """#)

  /// Two parameters of one name.
  static let parameterTwice = DiagnosticKind(
    "E0516", "two parameters of one name",
    page: #"""
      Each parameter has its own name: calls label arguments by it, and the body reads
      them by it.
      """#)

  /// An argument that a definition refuses.
  static let refused = DiagnosticKind(
    "E0517", "an argument that a definition refuses",
    page: #"""
      The definition itself checks its arguments with `error("…")` and refuses these.
      """#)

  /// Calls nested too deep.
  static let tooDeep = DiagnosticKind(
    "E0518", "calls nested too deep",
    page: #"""
      Bodies are unrolled while compiling, at most 256 deep.
      """#)

  /// A program too large to compile.
  static let tooMuchWork = DiagnosticKind(
    "E0519", "a program too large to compile",
    page: #"""
      Compiling stops after a million loop turns or a million operations.
      """#)

  /// A derivative without its function.
  static let gradientOfNothing = DiagnosticKind(
    "E0520", "a derivative without its function",
    page: #"""
      `gradient f(…)` belongs to a `fn f` of the same file. Layers cannot have one:
      derivatives of the parameters in them would be lost.
      """#)

  /// A derivative with other parameters.
  static let gradientParameters = DiagnosticKind(
    "E0521", "a derivative with other parameters",
    page: #"""
      `gradient f` has the parameters of `f`, then the result, then the result's
      derivative:

          fn softplus(x: float[...]) { return log(1 + exp(x)) }
          gradient softplus(x, out, d_out) { return d_out * logistic(x) }
      """#)

  /// Another number of derivatives.
  static let gradientCount = DiagnosticKind(
    "E0522", "another number of derivatives",
    page: #"""
      A `gradient` returns one derivative for each tensor parameter, in order.
      """#)

  /// A derivative of another shape.
  static let gradientShape = DiagnosticKind(
    "E0523", "a derivative of another shape",
    page: #"""
      Each derivative has the shape of the parameter it belongs to.
      """#)

  /// Every.
  static let everyCount = DiagnosticKind(
    "E0526", "every without a number of steps",
    page: #"""
      `every n` lets an optimizer act at the last of each n steps; its states and its `step`
      advance only then. The number is whole, at least 1, and known while compiling.

          optimizer adam(lr: 1e-3) minimize generator_loss for "G.*" every 0     // E0526
          optimizer adam(lr: 1e-3) minimize generator_loss for "G.*" every 5
      """#)

  /// The kinds of this file, by code.
  static let ofCalls = [
    argumentMissing, argumentSurplus, unknownLabel, argumentTwice, labelNeeded, argumentKind,
    takesNoInput, openArgumentGiven, layerInFunction, instanceOfInstance, ruleCalled, notARule,
    nothingReturned, resultCount, parameterOrder, parameterTwice, refused, tooDeep, tooMuchWork,
    gradientOfNothing, gradientParameters, gradientCount, gradientShape, everyCount,
  ]
}
