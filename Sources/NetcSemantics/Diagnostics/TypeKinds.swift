import NetcCore

/// Mistakes in what values are: kinds, numbers, what is known while compiling.
extension DiagnosticKind {
  /// Labels or truth values in arithmetic.
  static let notANumber = DiagnosticKind(
    "E0330", "labels or truth values in arithmetic",
    page: #"""
      `bool` and `class` never become numbers by themselves.

          input y: class(10)[batch]
          let z = y + 1                          // E0330
          let z = int(y) + 1
      """#)

  /// Values that do not compare.
  static let notComparable = DiagnosticKind(
    "E0331", "values that do not compare",
    page: #"""
      Truth values compare with truth values, labels with whole numbers and with
      labels of as many classes; words and texts have no order.
      """#)

  /// A condition that is no truth value.
  static let notCondition = DiagnosticKind(
    "E0332", "a condition that is no truth value",
    page: #"""
      `if`, `and`, `or`, `not` and `where` take truth values: comparisons, `true`,
      `false`.

          if width { … }                         // E0332
          if width > 0 { … }
      """#)

  /// A value that is known at run time only.
  static let notCompileTime = DiagnosticKind(
    "E0333", "a value that is known at run time only",
    page: #"""
      Sizes, conditions, indices, loop bounds and constants are fixed while the
      program is compiled. They can use constants, settings and dimensions, but no
      values of tensors.

          if mean(x) > 0 { … }                   // E0333
          let y = where(x > 0, a, b)             // chooses at run time
      """#)

  /// A number that is not whole.
  static let notWhole = DiagnosticKind(
    "E0334", "a number that is not whole",
    page: #"""
      A size, an index or a whole setting needs a whole number. `/` always divides
      truly.

          param w: float[128 / 3] = zeros()      // E0334
          param w: float[div(128, 3)] = zeros()
      """#)

  /// A whole number that is too large.
  static let numberOverflow = DiagnosticKind(
    "E0335", "a whole number that is too large",
    page: #"""
      Whole numbers have 64 bits while compiling. A number with a fraction is computed
      in floating point: `10.0 ^ 20`.
      """#)

  /// Whole division by zero.
  static let divisionByZero = DiagnosticKind(
    "E0336", "whole division by zero",
    page: #"""
      `div`, `mod` and `ceil_div` need a divisor other than 0.
      """#)

  /// A value where a tensor is needed.
  static let tensorExpected = DiagnosticKind(
    "E0337", "a value where a tensor is needed",
    page: #"""
      Only tensors, numbers and lists of numbers can be computed with at run time.

          let y = relu("x")                      // E0337
      """#)

  /// A list that is no tensor.
  static let listNotTensor = DiagnosticKind(
    "E0338", "a list that is no tensor",
    page: #"""
      A list becomes a tensor when it holds numbers, or lists of numbers of one
      length.

          let m = x @ [[1, 2], [3]]              // E0338
      """#)

  /// A value without elements.
  static let notIndexable = DiagnosticKind(
    "E0339", "a value without elements",
    page: #"""
      Lists and tensors can be indexed; numbers, words and texts cannot.
      """#)

  /// Indices that are no whole numbers.
  static let notIndices = DiagnosticKind(
    "E0340", "indices that are no whole numbers",
    page: #"""
      `gather`, `scatter_add` and `one_hot` take whole numbers or labels.

          let h = one_hot(x, 10)                 // E0340 when x is float
          let h = one_hot(int(x), 10)
      """#)

  /// A type that does not exist.
  static let unknownType = DiagnosticKind(
    "E0341", "a type that does not exist",
    page: #"""
      The types of tensors are float, int, bool and class(…). A setting may also be
      string, dims or fn, or list words: `padding: same or valid = valid`.

          input x: flaot[batch, 4]               // E0341
      """#)

  /// A type that no tensor has.
  static let typeNotTensor = DiagnosticKind(
    "E0342", "a type that no tensor has",
    page: #"""
      Inputs, parameters, states and annotated values are tensors; `fn` is for
      settings.
      """#)

  /// A class type that cannot be read.
  static let classArguments = DiagnosticKind(
    "E0343", "a class type that cannot be read",
    page: #"""
      A label type says how many classes there are, or names them; `ignore:` is the
      label that stands for missing data.

          input y: class(10)[batch]
          input y: class("setosa", "versicolor", "virginica")[batch]
          input y: class(10, ignore: 255)[batch]
      """#)

  /// A value of another type than declared.
  static let annotationMismatch = DiagnosticKind(
    "E0344", "a value of another type than declared",
    page: #"""
      The type after a name in `let` or `var` is checked.

          let h: float[batch, 8] = dense(x, 16)  // E0344
      """#)

  /// A parameter that is not real.
  static let parameterKind = DiagnosticKind(
    "E0345", "a parameter that is not real",
    page: #"""
      Parameters are trained by derivatives, so they hold real numbers. Whole numbers
      and truth values are kept in a `state`.
      """#)

  /// A state that changes its type.
  static let stateType = DiagnosticKind(
    "E0346", "a state that changes its type",
    page: #"""
      A state has the same type and shape at each step.

          state n: float[4] = zeros()
          n = n @ W                              // E0346 when W is [4, 8]
      """#)

  /// A first value of another shape.
  static let initialShape = DiagnosticKind(
    "E0347", "a first value of another shape",
    page: #"""
      The first value has the declared shape, or is a number, which fills it.
      Initializers such as `zeros()` and `he_normal()` are given the declared shape.

          param w: float[3] = [0.1, 0.2]         // E0347
      """#)

  /// A first value that depends on a step.
  static let initialDepends = DiagnosticKind(
    "E0348", "a first value that depends on a step",
    page: #"""
      First values are computed once, before there are data. They can use constants
      and the shapes of values, as `zeros_like(x)` does.
      """#)

  /// Names that do not fit the values.
  static let destructuring = DiagnosticKind(
    "E0349", "names that do not fit the values",
    page: #"""
      `let a, b = e` takes a list of exactly two values apart.

          let a, b = split(x, 3, axis: -1)       // E0349
      """#)

  /// An update of another type.
  static let updateType = DiagnosticKind(
    "E0350", "an update of another type",
    page: #"""
      `update W = e` gives W its next value, which has the type and shape of W.
      """#)

  /// Axes that are not paired.
  static let axisPair = DiagnosticKind(
    "E0351", "axes that are not paired",
    page: #"""
      `dot` takes two lists of axes, of the left and of the right side.

          let y = dot(a, b, batch: [[0], [0]], contract: [[2], [1]])
      """#)

  /// A loop over something else.
  static let notASequence = DiagnosticKind(
    "E0352", "a loop over something else",
    page: #"""
      `for` runs over a range `0..<n` or a list.
      """#)

  /// A derivative of something that is no scalar.
  static let gradOfNonScalar = DiagnosticKind(
    "E0353", "a derivative of something that is no scalar",
    page: #"""
      `grad(e, x)` differentiates one number. Sum a tensor first: `grad(sum(e), x)`.
      """#)

  /// A derivative in something that has none.
  static let gradWrt = DiagnosticKind(
    "E0354", "a derivative in something that has none",
    page: #"""
      `grad(e, x)` differentiates in a tensor of real numbers: a parameter, an input
      or a name declared with `let`.
      """#)

  /// A derivative that is always zero.
  static let gradUnrelated = DiagnosticKind(
    "E0355", "a derivative that is always zero",
    page: #"""
      The first argument of `grad` is not computed from the second, or only by operations
      whose derivative is zero. What was computed before a loop is a constant in its body.

          let b = 2 * a
          let s = grad(sum(a), b)                // E0355: b comes after a
          let s = grad(sum(b), a)
      """#)

  /// A text is needed.
  static let keyNotText = DiagnosticKind(
    "E0356", "a text is needed",
    page: #"""
      This argument is a text in quotes.

          let u = random_uniform(batch, 4, key: "noise")
      """#)

  /// The kinds of this file, by code.
  static let ofTypes = [
    notANumber, notComparable, notCondition, notCompileTime, notWhole, numberOverflow,
    divisionByZero, tensorExpected, listNotTensor, notIndexable, notIndices, unknownType,
    typeNotTensor, classArguments, annotationMismatch, parameterKind, stateType, initialShape,
    initialDepends, destructuring, updateType, axisPair, notASequence, gradOfNonScalar, gradWrt,
    gradUnrelated, keyNotText,
  ]
}
