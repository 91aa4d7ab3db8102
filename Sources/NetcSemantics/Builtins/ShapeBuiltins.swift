import NetcCore
import NetcGraph

/// The same elements under another shape.
enum ShapeBuiltins {
  static let all: [Builtin] = [
    Builtin("reshape", ["x", "shape*"]) { lowering, call in lowering.reshape(call) },
    Builtin("broadcast", ["x", "shape*", "axes?"]) { lowering, call in lowering.broadcast(call) },
    Builtin("transpose", ["x", "axes?", "permutation?"]) { lowering, call in
      lowering.transpose(call)
    },
    Builtin("expand", ["x", "axis:"]) { lowering, call in lowering.expand(call) },
  ]
}

extension Lowering {
  fileprivate mutating func reshape(_ call: BuiltinCall) -> Value {
    guard let x = tensorValue(call[0].value, at: call[0].range), let shape = shape(call[1]) else {
      return .poison
    }
    guard shape.count == x.shape.count else {
      let known = x.shape.dims.indices.filter { x.shape[$0].constant != nil }
      let side = shapeSide(call[0], axes: known)
      return fail(
        .reshapeCount, "\(x.shape) has \(x.shape.count) elements, \(shape) has \(shape.count)",
        at: call[1].range, label: "\(shape.count) elements", notes: labels([side]),
        help: reshapeHelp(x.shape, shape))
    }
    if shape == x.shape { return .tensor(x) }
    return emit(.reshape, [x], ["shape": .dims(shape.dims)], kind: x.kind, at: call.range)
      .map { .tensor($0) } ?? .poison
  }

  /// The size that one known dimension of the new shape would have to be, when the others divide.
  private func reshapeHelp(_ old: Shape, _ new: Shape) -> [String] {
    for axis in new.dims.indices.reversed() where new[axis].constant != nil {
      var others = new
      others.dims.remove(at: axis)
      if let size = old.count.dividedExactly(by: others.count), size.constant ?? 1 > 0 {
        return ["change \(new[axis]) to \(size), or give the sizes another product"]
      }
    }
    return ["the product of the sizes must be \(old.count)"]
  }

  fileprivate mutating func broadcast(_ call: BuiltinCall) -> Value {
    guard let shape = shape(call[1]) else { return .poison }
    guard isCountable(shape, at: call.range) else { return .poison }
    if case .number(let number) = call[0].value {
      return .tensor(constant(number.double, .float, shape))
    }
    guard let x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    var axes = Array(max(0, shape.rank - x.shape.rank)..<shape.rank)
    if let given = call.optional(2) {
      guard let wanted = wholes(given) else { return .poison }
      axes = wanted
    }
    if shape == x.shape { return .tensor(x) }
    let attributes: Attributes = ["shape": .dims(shape.dims), "axes": .ints(axes)]
    return emit(.broadcastInDim, [x], attributes, kind: x.kind, at: call.range)
      .map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func transpose(_ call: BuiltinCall) -> Value {
    guard let x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    var order = [1, 0]
    if let given = call.optional(1) ?? call.optional(2) {
      guard let wanted = wholes(given) else { return .poison }
      order = wanted.map { $0 < 0 ? $0 + x.shape.rank : $0 }
    } else if x.shape.rank != 2 {
      return fail(
        .transposeRank, "`transpose` without `axes:` needs a matrix, found rank \(x.shape.rank)",
        at: call.range, help: ["say where each axis goes, as `axes: [0, 2, 1]`"])
    }
    return emit(.transpose, [x], ["permutation": .ints(order)], kind: x.kind, at: call.range)
      .map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func expand(_ call: BuiltinCall) -> Value {
    guard let x = tensorValue(call[0].value, at: call[0].range),
      let axis = axis(call[1], rank: x.shape.rank + 1)
    else { return .poison }
    var dims = x.shape.dims
    dims.insert(Dim(1), at: axis)
    return .tensor(tensor(b.reshape(x.id, to: Shape(dims)), x.kind))
  }
}
