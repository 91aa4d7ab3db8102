import NetcCore

/// Whole division of numbers and sizes known while compiling.
enum WholeBuiltins {
  static let all: [Builtin] = [
    divide("div") { $0.flooredQuotient(by: $1) },
    divide("mod") { $0.flooredRemainder(by: $1) },
    divide("ceil_div") { a, b in
      (Dim(0) - a).flooredQuotient(by: b).map { Dim(0) - $0 }
    },
    Builtin("part", ["a", "b"]) { lowering, call in lowering.part(call) },
    Builtin("fan_in", ["shape*"]) { lowering, call in lowering.fan(call, isIn: true) },
    Builtin("fan_out", ["shape*"]) { lowering, call in lowering.fan(call, isIn: false) },
  ]

  private static func divide(
    _ name: String, _ function: @escaping @Sendable (Dim, Dim) -> Dim?
  ) -> Builtin {
    Builtin(name, ["a", "b"]) { lowering, call in
      guard let a = lowering.size(call[0].value, at: call[0].range),
        let b = lowering.size(call[1].value, at: call[1].range)
      else { return .poison }
      guard let result = function(a, b) else {
        return lowering.fail(.divisionByZero, "`\(name)` divides by zero", at: call.range)
      }
      if result.isOverflow {
        return lowering.fail(
          .numberOverflow, "this whole number does not fit in 64 bits", at: call.range)
      }
      return .size(result)
    }
  }
}

extension Lowering {
  /// One of b equal parts of a size; that of `batch` must have them once it is known.
  fileprivate mutating func part(_ call: BuiltinCall) -> Value {
    guard let whole = size(call[0].value, at: call[0].range),
      let count = size(call[1].value, at: call[1].range)
    else { return .poison }
    guard let number = count.constant, let part = whole.part(of: number) else {
      return fail(
        .operationRefused, "`part`: \(whole) has no \(count) equal parts", at: call.range,
        help: ["`div(a, b)` rounds down"])
    }
    return .size(part)
  }

  /// How many inputs or outputs a weight of a shape joins: a vector has n and 1, a matrix [in,
  /// out], from rank 3 on [out, in, window…].
  fileprivate mutating func fan(_ call: BuiltinCall, isIn: Bool) -> Value {
    guard let shape = shape(call[0]) else { return .poison }
    switch shape.rank {
    case 0: return .whole(1)
    case 1: return isIn ? .size(shape[0]) : .whole(1)
    case 2: return .size(shape[isIn ? 0 : 1])
    default:
      let window = shape.dims.dropFirst(2).reduce(Dim(1)) { $0 * $1 }
      return .size(shape[isIn ? 1 : 0] * window)
    }
  }
}
