import NetcCore
import NetcGraph
import NetcSyntax

/// Which part of a tensor an index picks, axis by axis.
private struct SliceBounds {
  var start: [Dim]
  var limit: [Dim]
  var stride: [Int]
  /// The axes of single elements, which disappear.
  var dropped: Set<Int> = []

  /// The whole of a shape.
  init(_ shape: Shape) {
    start = shape.dims.map { _ in 0 }
    limit = shape.dims
    stride = shape.dims.map { _ in 1 }
  }

  /// Whether nothing is left out of a shape.
  func isWhole(_ shape: Shape) -> Bool {
    start.allSatisfy { $0 == Dim(0) } && limit == shape.dims && stride.allSatisfy { $0 == 1 }
  }

  var attributes: Attributes {
    ["start": .dims(start), "limit": .dims(limit), "stride": .ints(stride)]
  }
}

extension Lowering {
  /// `x[i, 1:3, ...]` of a tensor: a slice, then the axes of single elements dropped.
  mutating func slice(_ x: TensorValue, _ indices: [Index], at range: SourceRange) -> Value {
    let rests = indices.filter { if case .rest = $0.kind { true } else { false } }.count
    let named = indices.count - rests
    guard rests <= 1, named <= x.shape.rank else {
      return fail(
        .indexCount, "\(indices.count) indices for a tensor of rank \(x.shape.rank)", at: range,
        label: "this is \(x.typeText)")
    }
    var bounds = SliceBounds(x.shape)
    var axis = 0
    for index in indices {
      if case .rest = index.kind {
        axis += x.shape.rank - named
        continue
      }
      guard narrow(&bounds, by: index, axis, x.shape[axis]) else { return .poison }
      axis += 1
    }
    var result = x
    if !bounds.isWhole(x.shape) {
      guard let sliced = emit(.slice, [x], bounds.attributes, kind: x.kind, at: range) else {
        return .poison
      }
      result = sliced
    }
    if bounds.dropped.isEmpty { return .tensor(result) }
    let kept = result.shape.dims.indices.filter { !bounds.dropped.contains($0) }
    let shape = Shape(kept.map { result.shape[$0] })
    return .tensor(tensor(b.reshape(result.id, to: shape), x.kind))
  }

  /// Narrows the bounds of one axis; false after a mistake was reported.
  private mutating func narrow(
    _ bounds: inout SliceBounds, by index: Index, _ axis: Int, _ size: Dim
  ) -> Bool {
    switch index.kind {
    case .rest: break
    case .at(let expression):
      guard let place = place(expression, size, axis) else { return false }
      bounds.start[axis] = place
      bounds.limit[axis] = place + Dim(1)
      bounds.dropped.insert(axis)
    case .slice(let from, let to, let step):
      guard let first = edge(from, 0, size), let last = edge(to, size, size) else { return false }
      bounds.start[axis] = first
      bounds.limit[axis] = last
      guard let step else { return true }
      guard let by = wholeNumber(evaluate(step), at: step.range) else { return false }
      guard by > 0, by <= Int(Int32.max) else {
        fail(
          .strideNotPositive, "a stride is at least 1", at: step.range,
          help: ["`reverse(x, axes: [\(axis)])` turns an axis around"])
        return false
      }
      bounds.stride[axis] = by
    }
    return true
  }

  private mutating func place(_ expression: Expression, _ size: Dim, _ axis: Int) -> Dim? {
    let value = evaluate(expression)
    if case .tensor(let tensor) = value {
      fail(
        .notCompileTime, "an index must be known while the program is compiled",
        at: expression.range, label: "this is computed at run time, a \(tensor.typeText)",
        help: ["`gather(x, indices, axis: \(axis))` picks at run time"])
      return nil
    }
    guard let place = self.size(value, at: expression.range) else { return nil }
    let index = (place.constant ?? 0) < 0 ? size + place : place
    if let known = index.constant, let count = size.constant, known < 0 || known >= count {
      fail(
        .indexOutside, "there is no element \(place) on an axis of size \(size)",
        at: expression.range)
      return nil
    }
    return index
  }

  private mutating func edge(_ expression: Expression?, _ fallback: Dim, _ size: Dim) -> Dim? {
    guard let expression else { return fallback }
    guard let place = self.size(of: expression) else { return nil }
    return (place.constant ?? 0) < 0 ? size + place : place
  }
}
