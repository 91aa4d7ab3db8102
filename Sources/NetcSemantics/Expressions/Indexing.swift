import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// `x[i, 1:3, ...]`: an element or slice of a list or a tensor.
  mutating func index(_ base: Expression, _ indices: [Index], at range: SourceRange) -> Value {
    let value = evaluate(base)
    setOrigin(range)
    switch value {
    case .poison: return .poison
    case .list(let values): return index(values, indices, at: range)
    case .tensor(let tensor): return index(use(tensor), indices, at: range)
    default:
      return fail(
        .notIndexable, "\(value.description) has no elements to index", at: base.range)
    }
  }

  private mutating func index(_ values: [Value], _ indices: [Index], at range: SourceRange) -> Value {
    guard indices.count == 1 else {
      return fail(
        .indexCount, "a list has one axis", at: range,
        help: ["index the element again: `x[i][j]`"])
    }
    switch indices[0].kind {
    case .rest: return .list(values)
    case .at(let expression):
      guard let place = wholeNumber(evaluate(expression), at: expression.range) else { return .poison }
      let index = place < 0 ? place + values.count : place
      guard values.indices.contains(index) else {
        return fail(
          .indexOutside, "there is no element \(place) in a list of \(values.count)",
          at: expression.range)
      }
      return values[index]
    case .slice(let from, let to, let step):
      guard step == nil else {
        return fail(.notIndexable, "a list has no strides", at: range)
      }
      guard let first = try? bound(from, 0, values.count), let last = try? bound(to, values.count, values.count)
      else { return .poison }
      guard first >= 0, first <= last, last <= values.count else {
        return fail(
          .indexOutside, "the slice leaves a list of \(values.count)", at: indices[0].range)
      }
      return .list(Array(values[first..<last]))
    }
  }

  private struct Refused: Error {}

  private mutating func bound(
    _ expression: Expression?, _ fallback: Int, _ count: Int
  ) throws(Refused) -> Int {
    guard let expression else { return fallback }
    guard let place = wholeNumber(evaluate(expression), at: expression.range) else { throw Refused() }
    return place < 0 ? place + count : place
  }

  private mutating func index(_ x: TensorValue, _ indices: [Index], at range: SourceRange) -> Value {
    let rests = indices.filter { if case .rest = $0.kind { true } else { false } }.count
    let named = indices.count - rests
    guard rests <= 1, named <= x.shape.rank else {
      return fail(
        .indexCount, "\(indices.count) indices for a tensor of rank \(x.shape.rank)", at: range,
        label: "this is \(x.typeText)")
    }
    var start = x.shape.dims.map { _ in Dim(0) }
    var limit = x.shape.dims
    var stride = x.shape.dims.map { _ in 1 }
    var dropped: Set<Int> = []
    var axis = 0
    for index in indices {
      switch index.kind {
      case .rest:
        axis += x.shape.rank - named
        continue
      case .at(let expression):
        guard let place = place(expression, x.shape[axis], axis) else { return .poison }
        start[axis] = place
        limit[axis] = place + Dim(1)
        dropped.insert(axis)
      case .slice(let from, let to, let step):
        guard let first = edge(from, 0, x.shape[axis]), let last = edge(to, x.shape[axis], x.shape[axis])
        else { return .poison }
        start[axis] = first
        limit[axis] = last
        if let step {
          guard let by = wholeNumber(evaluate(step), at: step.range) else { return .poison }
          guard by > 0, by <= Int(Int32.max) else {
            return fail(
              .strideNotPositive, "a stride is at least 1", at: step.range,
              help: ["`reverse(x, axes: [\(axis)])` turns an axis around"])
          }
          stride[axis] = by
        }
      }
      axis += 1
    }
    let attributes: Attributes = [
      "start": .dims(start), "limit": .dims(limit), "stride": .ints(stride),
    ]
    let isWhole = start.allSatisfy { $0 == Dim(0) } && limit == x.shape.dims && stride.allSatisfy { $0 == 1 }
    var result = x
    if !isWhole {
      guard let sliced = emit(.slice, [x], attributes, kind: x.kind, at: range) else { return .poison }
      result = sliced
    }
    if dropped.isEmpty { return .tensor(result) }
    let kept = result.shape.dims.indices.filter { !dropped.contains($0) }.map { result.shape[$0] }
    return .tensor(tensor(b.reshape(result.id, to: Shape(kept)), x.kind))
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

  /// Adds a node whose operands and attributes the program chose; nil after reporting what its type rule refuses.
  mutating func emit(
    _ op: OpID, _ operands: [TensorValue], _ attributes: Attributes = .none, kind: Kind? = nil,
    at range: SourceRange
  ) -> TensorValue? {
    setOrigin(range)
    do {
      let results = try b.graph.append(
        op, operands.map(\.id), attributes, origin: b.origin)
      let made = tensor(results[0])
      guard let kind, kind.element == made.kind.element else { return made }
      return tensor(results[0], kind)
    } catch {
      fail(
        .operationRefused, "`\(op.operation.netName)`: \(error.message)", at: range,
        notes: [])
      return nil
    }
  }
}
