import NetcCore
import NetcGraph

/// Sums and positions over axes.
enum ReductionBuiltins {
  static let all: [Builtin] = [
    Builtin("sum", ["x", "axis?", "keep_dims?"]) { lowering, call in lowering.sum(call) },
    Builtin("argmax", ["x", "axis?"]) { lowering, call in lowering.argmax(call) },
    Builtin("argsort", ["x", "axis?", "descending?"]) { lowering, call in lowering.argsort(call) },
    Builtin("cumsum", ["x", "axis:", "reverse?", "exclusive?"]) { lowering, call in
      lowering.cumsum(call)
    },
  ]
}

/// Which axes a reduction goes over, and the shape that keeps them with size 1 when that is asked
/// for.
struct Reduction: Sendable {
  var axes: [Int]
  var kept: Shape?
}

extension Lowering {
  /// The axes of a call `f(x, axis:, keep_dims:)`; nil after a mistake was reported.
  mutating func reduction(of x: TensorValue, _ call: BuiltinCall) -> Reduction? {
    guard let keeps = flag(call.optional(2), false), let axes = axes(call.optional(1), of: x) else {
      return nil
    }
    guard keeps else { return Reduction(axes: axes, kept: nil) }
    let dims = x.shape.dims.enumerated().map { axes.contains($0.offset) ? Dim(1) : $0.element }
    return Reduction(axes: axes, kept: Shape(dims))
  }

  private mutating func axes(_ side: Operand?, of x: TensorValue) -> [Int]? {
    guard let side, side.value != .none else { return Array(0..<x.shape.rank) }
    guard case .list(let values) = side.value else {
      return axis(side, rank: x.shape.rank).map { [$0] }
    }
    var axes: [Int] = []
    for value in values {
      guard let axis = axis(Operand(value, side.range), rank: x.shape.rank) else { return nil }
      if axes.contains(axis) {
        fail(.axisOutside, "axis \(axis) is named twice", at: side.range)
        return nil
      }
      axes.append(axis)
    }
    return axes.sorted()
  }

  /// The reduced tensor with its axes kept where that was asked for.
  mutating func keep(_ x: TensorValue, _ reduction: Reduction) -> TensorValue {
    guard let kept = reduction.kept else { return x }
    return tensor(b.reshape(x.id, to: kept), x.kind)
  }

  fileprivate mutating func sum(_ call: BuiltinCall) -> Value {
    guard var x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    if x.kind == .bool { x = convert(x, to: .int) }
    guard let x = numeric(Operand(.tensor(x), call[0].range)), let reduced = reduction(of: x, call)
    else { return .poison }
    if case .number = call[0].value { return call[0].value }
    return .tensor(keep(tensor(b.reduceSum(x.id, axes: reduced.axes), x.kind), reduced))
  }

  fileprivate mutating func argsort(_ call: BuiltinCall) -> Value {
    guard let x = tensorValue(call[0].value, at: call[0].range),
      let axis = axis(call.optional(1) ?? Operand(.whole(-1), call.range), rank: x.shape.rank),
      let isDescending = flag(call.optional(2), false)
    else { return .poison }
    let attributes: Attributes = ["axis": .int(axis), "descending": .bool(isDescending)]
    return emit(.argsort, [x], attributes, at: call.range).map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func argmax(_ call: BuiltinCall) -> Value {
    guard let x = numeric(call[0]) else { return .poison }
    let last = Operand(call.optional(1)?.value ?? .whole(-1), call.optional(1)?.range ?? call.range)
    guard let axis = axis(last, rank: x.shape.rank) else { return .poison }
    return emit(.argmax, [x], ["axis": .int(axis)], at: call.range).map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func cumsum(_ call: BuiltinCall) -> Value {
    guard let x = numeric(call[0]), let axis = axis(call[1], rank: x.shape.rank),
      let isReversed = flag(call.optional(2), false),
      let isExclusive = flag(call.optional(3), false)
    else { return .poison }
    let attributes: Attributes = [
      "axis": .int(axis), "reverse": .bool(isReversed), "exclusive": .bool(isExclusive),
    ]
    return emit(.cumsum, [x], attributes, at: call.range).map { .tensor($0) } ?? .poison
  }
}
