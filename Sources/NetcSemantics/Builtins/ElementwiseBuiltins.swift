import NetcCore
import NetcGraph
import NetcSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Functions of each number: on numbers while compiling, on tensors as nodes.
enum ElementwiseBuiltins {
  static let all: [Builtin] =
    [
      real("exp", .exponential, exp), real("expm1", .exponentialMinusOne, expm1),
      real("log", .log, log), real("log1p", .logPlusOne, log1p), real("sqrt", .sqrt, sqrt),
      real("rsqrt", .rsqrt) { 1 / sqrt($0) }, real("sin", .sine, sin), real("cos", .cosine, cos),
      real("tanh", .tanh, tanh), real("logistic", .logistic) { 1 / (1 + exp(-$0)) },
      real("erf", .erf, erf),
      signed("abs", .abs) { $0.double < 0 ? $0.negated : $0 },
      signed("sign", .sign) { .whole($0.double > 0 ? 1 : $0.double < 0 ? -1 : 0) },
      signed("floor", .floor) { number in
        if case .whole = number { number } else { .wholeOrReal(floor(number.double)) }
      },
      Builtin("negate", ["x"]) { lowering, call in lowering.negate(call[0].value, at: call.range) },
      Builtin("is_finite", ["x"]) { lowering, call in
        if case .number(let number) = call[0].value { return .bool(number.double.isFinite) }
        guard let x = lowering.numeric(call[0]) else { return .poison }
        return .tensor(lowering.tensor(lowering.b.isFinite(lowering.convert(x, to: .float).id)))
      },
      arithmetic("add", .add), arithmetic("subtract", .subtract), arithmetic("multiply", .multiply),
      arithmetic("divide", .divide), arithmetic("pow", .power),
      Builtin("remainder", ["x", "y"]) { lowering, call in lowering.remainder(call) },
      Builtin("where", ["condition", "then", "otherwise"]) { lowering, call in lowering.select(call)
      },
      Builtin("select", ["condition", "then", "otherwise"]) { lowering, call in
        lowering.select(call)
      },
      pass("stop_gradient", .stopGradient), pass("identity", .identity),
    ]

  /// A real function of a real number.
  private static func real(
    _ name: String, _ op: OpID, _ function: @escaping @Sendable (Double) -> Double
  ) -> Builtin {
    Builtin(name, ["x"]) { lowering, call in
      if case .number(let number) = call[0].value { return .number(.real(function(number.double))) }
      guard let x = lowering.numeric(call[0]) else { return .poison }
      return .tensor(lowering.tensor(lowering.b.emit(op, [lowering.convert(x, to: .float).id])))
    }
  }

  /// A function that keeps whole numbers whole.
  private static func signed(
    _ name: String, _ op: OpID, _ function: @escaping @Sendable (Number) -> Number?
  ) -> Builtin {
    Builtin(name, ["x"]) { lowering, call in
      if case .number(let number) = call[0].value, let result = function(number) {
        return .number(result)
      }
      guard let x = lowering.numeric(call[0]) else { return .poison }
      if op == .floor, x.kind == .int { return .tensor(x) }
      return lowering.emit(op, [x], at: call.range).map { .tensor($0) } ?? .poison
    }
  }

  private static func arithmetic(_ name: String, _ op: BinaryOperator) -> Builtin {
    Builtin(name, ["x", "y"]) { lowering, call in
      lowering.binary(op, call[0], call[1], at: call.range)
    }
  }

  private static func pass(_ name: String, _ op: OpID) -> Builtin {
    Builtin(name, ["x"]) { lowering, call in
      guard let x = lowering.tensorValue(call[0].value, at: call[0].range) else { return .poison }
      return .tensor(lowering.tensor(lowering.b.emit(op, [x.id]), x.kind))
    }
  }
}

extension Lowering {
  /// What whole division towards zero leaves, with the sign of the dividend.
  fileprivate mutating func remainder(_ call: BuiltinCall) -> Value {
    if case .number(let x) = call[0].value, case .number(let y) = call[1].value {
      return .number(.wholeOrReal(fmod(x.double, y.double)))
    }
    guard let pair = pair(call[0], call[1], at: call.range) else { return .poison }
    return emit(.remainder, [pair.a, pair.b], at: call.range).map { .tensor($0) } ?? .poison
  }

  /// One value where a condition holds, another elsewhere; a condition known while compiling
  /// chooses.
  fileprivate mutating func select(_ call: BuiltinCall) -> Value {
    if case .bool(let known) = call[0].value { return call[known ? 1 : 2].value }
    guard let condition = truth(call[0]), let first = settled(call[1]),
      let second = settled(call[2])
    else { return .poison }
    let call = BuiltinCall(name: call.name, arguments: [call[0], first, second], range: call.range)
    guard let inner = commonShape(call[1], call[2], at: call.range) else { return .poison }
    let choice = TensorValue(id: condition.id, graph: graph, kind: .float, shape: inner)
    guard
      let shape = commonShape(
        Operand(.tensor(condition), call[0].range), Operand(.tensor(choice), call[1].range),
        at: call.range)
    else { return .poison }
    guard let branches = branches(call, shape) else { return .poison }
    let picked = broadcast(condition, to: shape)
    return .tensor(tensor(b.select(picked.id, branches.0.id, branches.1.id), branches.0.kind))
  }

  private mutating func branches(
    _ call: BuiltinCall, _ shape: Shape
  ) -> (TensorValue, TensorValue)? {
    let kinds = [call[1], call[2]].compactMap { side -> Kind? in
      if case .tensor(let tensor) = side.value { return tensor.kind }
      if case .bool = side.value { return .bool }
      return nil
    }
    let isInt = kinds == [.int] && !isFraction(call[1].value) && !isFraction(call[2].value)
    let kind: Kind =
      if let first = kinds.first, kinds.allSatisfy({ $0 == first }), first != .int {
        first
      } else if isInt || kinds == [.int, .int] { .int } else { .float }
    guard let a = branch(call[1], kind, shape), let b = branch(call[2], kind, shape) else {
      return nil
    }
    return (a, b)
  }

  private func isFraction(_ value: Value) -> Bool {
    if case .number(.real) = value { true } else { false }
  }

  private mutating func branch(_ side: Operand, _ kind: Kind, _ shape: Shape) -> TensorValue? {
    if case .number(let number) = side.value, kind != .bool {
      return constant(number.double, kind, shape)
    }
    if kind == .float || kind == .int { return operand(side, kind, shape) }
    guard let tensor = tensorValue(side.value, at: side.range) else { return nil }
    guard tensor.kind == kind else {
      fail(
        .notANumber, "both values of `where` must be alike, found \(tensor.typeText)",
        at: side.range, label: "the other is \(kind.text)")
      return nil
    }
    return broadcast(tensor, to: shape)
  }
}
