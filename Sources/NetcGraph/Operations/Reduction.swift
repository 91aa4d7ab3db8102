package import NetcCore

/// What reductions over axes share.
enum Reduction {
  /// The type without the reduced axes, of real numbers or integers.
  static func resultType(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> TensorType {
    let type = try Elementwise.numericType(operands, count: 1)
    let axes = try attributes.checkedSortedAxes(rank: type.shape.rank)
    return TensorType(type.element, Shape(kept(axes, rank: type.shape.rank).map { type.shape[$0] }))
  }

  /// The axes that are not reduced, in order.
  static func kept(_ axes: [Int], rank: Int) -> [Int] {
    (0..<rank).filter { !axes.contains($0) }
  }

  /// For each element of the operand the place of its result.
  static func targets(_ shape: [Int], axes: [Int]) -> [Int] {
    let kept = kept(axes, rank: shape.count)
    var strides = [Int](repeating: 0, count: shape.count)
    for (axis, stride) in zip(kept, Indexing.strides(kept.map { shape[$0] })) {
      strides[axis] = stride
    }
    return Indexing.offsets(shape, strides: strides)
  }

  /// Folds the elements into their results, in row-major order.
  static func folded<T>(
    _ values: [T], _ targets: [Int], count: Int, from start: T, _ step: (T, T) -> T
  ) -> [T] {
    var results = [T](repeating: start, count: count)
    for (place, target) in targets.enumerated() {
      results[target] = step(results[target], values[place])
    }
    return results
  }

  /// The sizes before, at and after an axis.
  static func split(_ shape: [Int], axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }

  /// Calls over all, some and no axes, of real numbers, integers and nothing.
  static var samples: [OperationSample] {
    let cube = Tensor.sample([2, 3, 2], [1, -2, 3, 4, -5, 6, 7, 8.5, 9, -10, 11, 12])
    return [[0], [1], [0, 2], [0, 1, 2], []].map { OperationSample([cube], ["axes": .ints($0)]) }
      + [
        OperationSample([.sample([], [0.5])], ["axes": .ints([])]),
        OperationSample([.sample([2, 2], ints: [1, -2, 3, 4])], ["axes": .ints([1])]),
        OperationSample([.sample([2, 0], [])], ["axes": .ints([1])]),
        OperationSample([.sample([0, 2], [])], ["axes": .ints([1])]),
      ]
  }
}

extension GraphBuilder {
  /// A reduction's result repeated along the axes it lost.
  package mutating func broadcastReduced(_ y: ValueID, to shape: Shape, axes: [Int]) -> ValueID {
    broadcast(y, to: shape, axes: Reduction.kept(axes, rank: shape.rank))
  }
}
