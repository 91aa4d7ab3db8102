import NetcCore

/// Mistakes in shapes: sizes, ranks, axes, broadcasting.
extension DiagnosticKind {
  /// Shapes that do not go together.
  static let shapesDiffer = DiagnosticKind(
    "E0301", "shapes that do not go together",
    page: #"""
      Two tensors meet in an operation and their shapes do not match. Shapes are
      compared from the last dimension on; a dimension of size 1 is repeated.

          input a: float[batch, 3]
          input b: float[batch, 4]
          let c = a + b                          // E0301: 3 is not 4

      A symbol such as `batch` equals only itself. A reduction keeps its axis with
      `keep_dims: true`, which makes `x / sum(x, axis: 1, keep_dims: true)` fit.
      """#)

  /// Broadcasting that would enlarge the larger side.
  static let broadcastRefused = DiagnosticKind(
    "E0302", "broadcasting that would enlarge the larger side",
    page: #"""
      When ranks differ, the side of higher rank must already have the shape of the
      result. Otherwise both sides would grow, which is almost always a mistake:

          input y: float[batch]
          let p = dense(x, 1)                    // [batch, 1]
          loss mean((p - y)^2)                   // E0302: would make [batch, batch]

      Take the axis of size 1 away first: `squeeze(p, axis: -1) - y`.
      """#)

  /// A dimension of another size.
  static let sizeMismatch = DiagnosticKind(
    "E0304", "a dimension of another size",
    page: #"""
      A definition's type says what size a dimension has, by a number or by a name
      that another argument has bound, and the argument has another one.

          layer fixed(x: float[batch, 783]) { return dense(x, 10) }
          let y = fixed(pixels)                  // E0304: pixels is [batch, 784]
      """#)

  /// A tensor of another rank.
  static let rankMismatch = DiagnosticKind(
    "E0305", "a tensor of another rank",
    page: #"""
      The type of a parameter has so many dimensions (at least so many where it has
      `...`), and the argument has another number of them.

          fn rows(m: float[n, k]) { return sum(m, axis: 1) }
          let s = rows(v)                        // E0305: v is [batch]
      """#)

  /// Two shapes where the signature says one.
  static let restMismatch = DiagnosticKind(
    "E0306", "two shapes where the signature says one",
    page: #"""
      `...` stands for one shape everywhere in a signature, without broadcasting.
      Losses and metrics use it to refuse a prediction and a target of different
      shapes:

          loss mse(dense(x, 1), y)               // E0306: [batch, 1] and [batch]
          loss mse(dense(x, 1) |> squeeze(axis: -1), y)

      Different shapes are written `...a` and `...b`.
      """#)

  /// A shared layer applied to another size.
  static let sharedShape = DiagnosticKind(
    "E0307", "a shared layer applied to another size",
    page: #"""
      A layer instance has its parameters from its first application on; later ones
      must agree in every dimension a parameter depends on.

          layer fc = dense(8)
          let a = fc(x)                          // x is [batch, 4]: fc.weight is [4, 8]
          let b = fc(a)                          // E0307: a is [batch, 8]

      Use a second instance, or inputs of one size.
      """#)

  /// Another number of classes.
  static let classMismatch = DiagnosticKind(
    "E0308", "another number of classes",
    page: #"""
      A parameter takes labels of so many classes, and the argument has another
      number.

          input digit: class(10)[batch]
          loss cross_entropy(dense(x, 9), digit)         // E0308: 9 logits for 10 classes
      """#)

  /// A result of another type.
  static let resultMismatch = DiagnosticKind(
    "E0309", "a result of another type",
    page: #"""
      What `return` gives is not what the signature declares after `->`.

          fn half(x: float[n]) -> float[n, 1] { return x / 2 }      // E0309
      """#)

  /// A matrix product whose sizes differ.
  static let matmulSizes = DiagnosticKind(
    "E0310", "a matrix product whose sizes differ",
    page: #"""
      `a @ b` pairs the last dimension of `a` with the last but one of `b` (with its
      only one when `b` is a vector); dimensions before those are batches and must be
      equal.

          param W: float[3, 8] = zeros()
          let y = x @ W                          // E0310 when x is [batch, 4]
      """#)

  /// A matrix product with a scalar.
  static let matmulScalar = DiagnosticKind(
    "E0311", "a matrix product with a scalar",
    page: #"""
      `@` takes vectors and matrices. A number is multiplied with `*`.

          let y = 2 @ W                          // E0311
          let y = 2 * W
      """#)

  /// A reshape that changes the number of elements.
  static let reshapeCount = DiagnosticKind(
    "E0312", "a reshape that changes the number of elements",
    page: #"""
      A new shape must hold exactly the elements there are. Symbols count as unknown
      numbers.

          let y = reshape(x, [batch, 3, 3])      // E0312 when x is [batch, 10]
      """#)

  /// An axis that does not exist.
  static let axisOutside = DiagnosticKind(
    "E0313", "an axis that does not exist",
    page: #"""
      Axes are counted from 0, or from -1 at the end; each may be named once.

          let s = sum(x, axis: 2)                // E0313 when x is [batch, 4]
      """#)

  /// Transpose without axes.
  static let transposeRank = DiagnosticKind(
    "E0314", "transpose without axes",
    page: #"""
      Only a matrix has one way of being transposed. For other ranks say where each
      axis goes.

          let y = transpose(x, axes: [0, 2, 1])
      """#)

  /// A split into unequal parts.
  static let splitUneven = DiagnosticKind(
    "E0315", "a split into unequal parts",
    page: #"""
      `split(x, n, axis: k)` needs an axis whose size n divides.

          let parts = split(x, 3, axis: -1)      // E0315 when the axis has size 8
      """#)

  /// An element or slice outside.
  static let indexOutside = DiagnosticKind(
    "E0316", "an element or slice outside",
    page: #"""
      An index counts from 0, or from -1 at the end, and must be within the axis or
      list.

          let first, last = [x[:, 0], x[:, 9]]   // E0316 when x is [batch, 4]
      """#)

  /// More indices than dimensions.
  static let indexCount = DiagnosticKind(
    "E0317", "more indices than dimensions",
    page: #"""
      A tensor takes at most one index for each dimension, a list exactly one.

          let e = x[0, 1, 2]                     // E0317 when x has rank 2
      """#)

  /// A stride below 1.
  static let strideNotPositive = DiagnosticKind(
    "E0318", "a stride below 1",
    page: #"""
      `x[from:to:step]` takes every step-th element; a step is at least 1. `reverse(x,
      axes: [0])` turns an axis around.
      """#)

  /// Arguments a primitive operation does not take.
  static let operationRefused = DiagnosticKind(
    "E0319", "arguments a primitive operation does not take",
    page: #"""
      A primitive operation was called with operands or attributes that do not fit
      together. The message says which.

          let y = concat([a, b], axis: 0)        // E0319 when other axes differ
      """#)

  /// A negative dimension.
  static let sizeNegative = DiagnosticKind(
    "E0320", "a negative dimension",
    page: #"""
      The dimensions of a tensor are whole numbers from 0 on.

          const width = 2
          param w: float[width - 3] = zeros()    // E0320
      """#)

  /// A parameter whose shape data decide.
  static let storedSymbol = DiagnosticKind(
    "E0321", "a parameter whose shape data decide",
    page: #"""
      Parameters and states are stored, so their dimensions must be numbers. A symbol
      such as `batch` gets its size from the data.

          param w: float[batch] = zeros()        // E0321
      """#)

  /// Dots that stand for nothing.
  static let restUnknown = DiagnosticKind(
    "E0322", "dots that stand for nothing",
    page: #"""
      `...` in a type stands for the dimensions an argument has bound under the same
      name. In an input or parameter there is nothing to stand for.

          input x: float[...]                    // E0322
          input x: float[batch, 4]
      """#)

  /// A shape with too many elements.
  static let shapeTooLarge = DiagnosticKind(
    "E0323", "a shape with too many elements",
    page: #"""
      The number of elements of a tensor must fit in 64 bits, and no dimension may be
      negative.

          param w: float[9_000_000_000, 9_000_000_000] = zeros()      // E0323
      """#)

  /// The kinds of this file, by code.
  static let ofShapes = [
    shapesDiffer, broadcastRefused, sizeMismatch, rankMismatch, restMismatch, sharedShape,
    classMismatch, resultMismatch, matmulSizes, matmulScalar, reshapeCount, axisOutside,
    transposeRank, splitUneven, indexOutside, indexCount, strideNotPositive, operationRefused,
    sizeNegative, storedSymbol, restUnknown, shapeTooLarge,
  ]
}
