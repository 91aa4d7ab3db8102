import NetcCore
import NetcGraph

/// Conversions between element types.
enum CastBuiltins {
  static let all: [Builtin] = [
    Builtin("float", ["x"]) { lowering, call in lowering.float(call) },
    Builtin("int", ["x"]) { lowering, call in lowering.int(call) },
    Builtin("bool", ["x"]) { lowering, call in lowering.bool(call) },
  ]
}

extension Lowering {
  fileprivate mutating func float(_ call: BuiltinCall) -> Value {
    if case .number(let number) = call[0].value { return .number(.real(number.double)) }
    guard let x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    return .tensor(convert(x, to: .float))
  }

  fileprivate mutating func int(_ call: BuiltinCall) -> Value {
    if case .number(let number) = call[0].value {
      let whole = Number.wholeOrReal(number.double.rounded(.towardZero))
      if case .whole = whole { return .number(whole) }
      return fail(.numberOverflow, "\(number.text) is no whole number", at: call[0].range)
    }
    guard let x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    return .tensor(convert(x, to: .int))
  }

  fileprivate mutating func bool(_ call: BuiltinCall) -> Value {
    if case .bool = call[0].value { return call[0].value }
    if case .number(let number) = call[0].value { return .bool(number.double != 0) }
    guard let x = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    return .tensor(convert(x, to: .bool))
  }
}
