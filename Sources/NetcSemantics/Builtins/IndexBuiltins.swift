import NetcCore
import NetcGraph

/// Elements picked, added and marked by integer indices.
enum IndexBuiltins {
  static let all: [Builtin] = [
    Builtin("gather", ["x", "indices", "axis?", "batch_dims?"]) { lowering, call in
      guard let x = lowering.tensorValue(call[0].value, at: call[0].range) else { return .poison }
      return lowering.indexed(.gather, [x], call, first: 1)
    },
    Builtin("scatter_add", ["base", "indices", "updates", "axis?", "batch_dims?"]) {
      lowering, call in
      lowering.scatterAdd(call)
    },
    Builtin("one_hot", ["x", "count:"]) { lowering, call in lowering.oneHot(call) },
    Builtin("iota", ["shape*", "axis:"]) { lowering, call in lowering.iota(call) },
  ]
}

extension Lowering {
  /// A tensor of whole numbers; nil after reporting that the value is none.
  private mutating func indices(_ side: Operand) -> TensorValue? {
    guard let tensor = tensorValue(side.value, at: side.range) else { return nil }
    if tensor.kind.element == .int { return tensor }
    if case .list = side.value { return convert(tensor, to: .int) }
    fail(
      .notIndices, "indices are whole numbers or labels, found \(tensor.typeText)", at: side.range,
      help: ["convert them: `int(\(sources.text(side.range)))`"])
    return nil
  }

  private mutating func placement(
    _ call: BuiltinCall, first: Int, rank: Int
  ) -> Attributes? {
    let axisSide = call.optional(first) ?? Operand(.whole(0), call.range)
    guard let axis = axis(axisSide, rank: rank) else { return nil }
    var batch = 0
    if let side = call.optional(first + 1) {
      guard let given = wholeNumber(side.value, at: side.range) else { return nil }
      batch = given
    }
    return ["axis": .int(axis), "batch_dims": .int(batch)]
  }

  fileprivate mutating func indexed(
    _ op: OpID, _ operands: [TensorValue], _ call: BuiltinCall, first: Int
  ) -> Value {
    guard let picks = indices(call[first]),
      let attributes = placement(call, first: first + 1, rank: operands[0].shape.rank)
    else { return .poison }
    return emit(op, operands + [picks], attributes, kind: operands[0].kind, at: call.range)
      .map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func scatterAdd(_ call: BuiltinCall) -> Value {
    guard let base = numeric(call[0]), let places = indices(call[1]),
      let updates = numeric(call[2]),
      let attributes = placement(call, first: 3, rank: base.shape.rank)
    else { return .poison }
    return emit(.scatterAdd, [base, places, updates], attributes, kind: base.kind, at: call.range)
      .map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func oneHot(_ call: BuiltinCall) -> Value {
    guard let x = indices(call[0]), let count = size(call[1].value, at: call[1].range) else {
      return .poison
    }
    let shape = Shape(x.shape.dims + [count])
    guard isCountable(shape, at: call.range) else { return .poison }
    let wide = b.broadcast(x.id, to: shape, axes: Array(0..<x.shape.rank))
    let places = b.iota(shape, axis: x.shape.rank)
    return .tensor(tensor(b.convert(b.compare(.eq, wide, places), to: .float)))
  }

  fileprivate mutating func iota(_ call: BuiltinCall) -> Value {
    guard let shape = shape(call[0]), let axis = axis(call[1], rank: shape.rank) else {
      return .poison
    }
    return emit(.iota, [], ["shape": .dims(shape.dims), "axis": .int(axis)], at: call.range)
      .map { .tensor($0) } ?? .poison
  }
}
