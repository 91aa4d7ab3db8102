import NetcCore

/// Mistakes in names: unknown, hidden, not visible.
extension DiagnosticKind {
  /// A value that does not exist.
  static let unknownName = DiagnosticKind(
    "E0401", "a value that does not exist",
    page: #"""
      No value of this name is declared here. The help names one that is spelt nearly
      so.

          let h = relu(x)
          output hh                              // E0401
      """#)

  /// A function or layer that does not exist.
  static let unknownCallable = DiagnosticKind(
    "E0402", "a function or layer that does not exist",
    page: #"""
      Nothing of this name can be applied: no `fn`, `layer`, instance, primitive
      operation or definition of the standard library.

          let h = rleu(x)                        // E0402
      """#)

  /// A value used before its line.
  static let usedBeforeDeclared = DiagnosticKind(
    "E0403", "a value used before its line",
    page: #"""
      Values are visible after their declaration. Constants, functions and layers are
      visible in the whole file.
      """#)

  /// A value that a body does not see.
  static let notVisibleInBody = DiagnosticKind(
    "E0404", "a value that a body does not see",
    page: #"""
      The bodies of `fn`, `layer`, `rule` and `gradient` see constants and callables,
      but no inputs, parameters or values of the top level. Hand them over as
      arguments.

          input x: float[batch, 4]
          fn shifted() { return x + 1 }          // E0404
          fn shifted(x: float[...]) { return x + 1 }
      """#)

  /// A function used as a value.
  static let callableAsValue = DiagnosticKind(
    "E0405", "a function used as a value",
    page: #"""
      A function is applied, or passed to a setting of type fn.

          let h = relu                           // E0405
          let h = relu(x)
      """#)

  /// A value that is applied.
  static let notCallable = DiagnosticKind(
    "E0406", "a value that is applied",
    page: #"""
      Only functions, layers and instances stand before a parenthesis or after `|>`.
      """#)

  /// A parameter that does not exist yet.
  static let unknownParameter = DiagnosticKind(
    "E0407", "a parameter that does not exist yet",
    page: #"""
      `fc.weight` is a value after the first application of `fc` in the text.

          layer fc = dense(8)
          loss l2(fc.weight)                     // E0407: fc was not applied yet
      """#)

  /// A name declared twice in one body.
  static let hiding = DiagnosticKind(
    "E0408", "a name declared twice in one body",
    page: #"""
      One name means one thing in a body, its blocks included. In a loop this is most
      often a `let` where a rebinding was meant:

          var h = x
          for i in 0..<3 { let h = dense(h, 8) } // E0408
          for i in 0..<3 { h = dense(h, 8) }
      """#)

  /// A definition declared twice.
  static let declaredTwice = DiagnosticKind(
    "E0409", "a definition declared twice",
    page: #"""
      A file has one constant and one callable of a name. Names of the standard
      library may be taken over.
      """#)

  /// A name that cannot be rebound.
  static let notRebindable = DiagnosticKind(
    "E0410", "a name that cannot be rebound",
    page: #"""
      Only `var` and `state` are rebound.

          let h = x
          h = relu(h)                            // E0410
          var h = x
          h = relu(h)
      """#)

  /// A rebinding of nothing.
  static let unknownRebinding = DiagnosticKind(
    "E0411", "a rebinding of nothing",
    page: #"""
      `name = e` rebinds a declared var or state. A new name needs `let` or `var`; a
      loss is declared by `loss e` or `loss name = e`.
      """#)

  /// Constants that depend on each other.
  static let constantCycle = DiagnosticKind(
    "E0412", "constants that depend on each other",
    page: #"""
      A constant is computed from others, and in the end from itself.

          const a = b + 1
          const b = a                            // E0412
      """#)

  /// A definition that calls itself.
  static let recursion = DiagnosticKind(
    "E0413", "a definition that calls itself",
    page: #"""
      Bodies are unrolled while compiling, so no definition may call itself, directly
      or through others. Use `for`.
      """#)

  /// A constant that does not exist.
  static let settingUnknown = DiagnosticKind(
    "E0414", "a constant that does not exist",
    page: #"""
      `--set name=value` replaces a `const` of the main file.
      """#)

  /// A constant set to another kind of value.
  static let settingKind = DiagnosticKind(
    "E0415", "a constant set to another kind of value",
    page: #"""
      `--set` keeps what kind of value a constant has: a whole number, a number, a
      truth value, a text or a list.
      """#)

  /// A free dimension named almost like a constant.
  static let misspeltDimension = DiagnosticKind(
    "E0416", "a free dimension named almost like a constant",
    page: #"""
      A name in an input's type that is no constant is a size bound by the data. This
      one looks like a misspelt constant.

          const hidden = 64
          input x: float[batch, hiden]                          // E0416
      """#)

  /// Two things that would have one name.
  static let nameTaken = DiagnosticKind(
    "E0417", "two things that would have one name",
    page: #"""
      A layer without a name is called by what it applies and a number: `dense_1`,
      `dense_2`. Its parameters are `dense_1.weight` and so on; nothing else may be
      called so.

          let h = dense(x, 8)
          layer dense_1 = dense(8)               // E0417
      """#)

  /// The kinds of this file, by code.
  static let ofNames = [
    unknownName, unknownCallable, usedBeforeDeclared, notVisibleInBody, callableAsValue,
    notCallable, unknownParameter, hiding, declaredTwice, notRebindable, unknownRebinding,
    constantCycle, recursion, settingUnknown, settingKind, misspeltDimension, nameTaken,
  ]
}
