import NetcCore
import NetcGraph

/// Parts of tensors put together and taken apart.
enum ArrangementBuiltins {
  static let all: [Builtin] = [
    Builtin("concat", ["parts", "axis?"]) { lowering, call in lowering.concatenate(call) },
    Builtin("concatenate", ["parts", "axis?"]) { lowering, call in lowering.concatenate(call) },
    Builtin("split", ["x", "count:", "axis?"]) { lowering, call in lowering.split(call) },
    Builtin("pad", ["x", "value?", "low?", "high?", "interior?"]) { lowering, call in
      lowering.pad(call)
    },
    Builtin("reverse", ["x", "axes:"]) { lowering, call in lowering.reverse(call) },
  ]
}

extension Lowering {
  fileprivate mutating func concatenate(_ call: BuiltinCall) -> Value {
    guard case .list(let values) = call[0].value, !values.isEmpty else {
      return fail(
        .tensorExpected,
        "`\(call.name)` needs a list of tensors, found \(call[0].value.description)",
        at: call[0].range, help: ["write `\(call.name)([a, b], axis: 0)`"])
    }
    var parts: [TensorValue] = []
    for value in values {
      guard let part = tensorValue(value, at: call[0].range) else { return .poison }
      parts.append(part)
    }
    let last = call.optional(1) ?? Operand(.whole(-1), call.range)
    guard let axis = axis(last, rank: parts[0].shape.rank) else { return .poison }
    if parts.count == 1 { return .tensor(parts[0]) }
    return emit(.concatenate, parts, ["axis": .int(axis)], kind: parts[0].kind, at: call.range)
      .map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func split(_ call: BuiltinCall) -> Value {
    guard let x = tensorValue(call[0].value, at: call[0].range),
      let count = wholeNumber(call[1].value, at: call[1].range),
      let axis = axis(call.optional(2) ?? Operand(.whole(-1), call.range), rank: x.shape.rank)
    else { return .poison }
    guard count > 0, count <= 100_000, let part = x.shape[axis].dividedExactly(by: Dim(count))
    else {
      return fail(
        .splitUneven, "\(x.shape[axis]) does not split into \(count) equal parts", at: call.range,
        label: "axis \(axis) of \(x.shape)")
    }
    return .list(
      (0..<count).map { place in
        let start = part * Dim(place)
        return .tensor(tensor(b.slice(x.id, axis: axis, start, start + part), x.kind))
      })
  }

  fileprivate mutating func pad(_ call: BuiltinCall) -> Value {
    guard let x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    var value = 0.0
    if let given = call.optional(1) {
      guard case .number(let number) = given.value else {
        return fail(
          .notCompileTime, "`pad` fills with a number known while compiling", at: given.range)
      }
      value = number.double
    }
    let none = x.shape.dims.map { _ in Dim(0) }
    var edges = [none, none]
    for (place, side) in [call.optional(2), call.optional(3)].enumerated() {
      guard let side else { continue }
      guard let given = shape(side) else { return .poison }
      edges[place] = given.dims
    }
    var interior = x.shape.dims.map { _ in 0 }
    if let side = call.optional(4) {
      guard let given = wholes(side) else { return .poison }
      interior = given
    }
    let attributes: Attributes = [
      "value": .number(ExactNumber(value)), "low": .dims(edges[0]), "high": .dims(edges[1]),
      "interior": .ints(interior),
    ]
    return emit(.pad, [x], attributes, kind: x.kind, at: call.range).map { .tensor($0) } ?? .poison
  }

  fileprivate mutating func reverse(_ call: BuiltinCall) -> Value {
    guard let x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    let side = call[1]
    var axes: [Int]
    if case .list = side.value {
      guard let given = wholes(side) else { return .poison }
      axes = given.map { $0 < 0 ? $0 + x.shape.rank : $0 }
    } else {
      guard let axis = axis(side, rank: x.shape.rank) else { return .poison }
      axes = [axis]
    }
    axes.sort()
    return emit(.reverse, [x], ["axes": .ints(axes)], kind: x.kind, at: call.range)
      .map { .tensor($0) } ?? .poison
  }
}
