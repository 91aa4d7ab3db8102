import NetcCore
import NetcGraph

/// `max` and `min`: of two values elementwise, of one over axes.
enum ExtremumBuiltins {
  static let all: [Builtin] = [
    Builtin("max", ["x", "axis?", "keep_dims?"]) { lowering, call in lowering.greatest(call) },
    Builtin("min", ["x", "axis?", "keep_dims?"]) { lowering, call in lowering.least(call) },
    Builtin("maximum", ["x", "y"]) { lowering, call in lowering.extremum(call, isMaximum: true) },
    Builtin("minimum", ["x", "y"]) { lowering, call in lowering.extremum(call, isMaximum: false) },
  ]

  /// The builtin that `max` or `min` of two positional operands is.
  static func ofTwo(_ name: String) -> Int? {
    switch name {
    case "max": BuiltinCatalogue.place(of: "maximum")
    case "min": BuiltinCatalogue.place(of: "minimum")
    default: nil
    }
  }
}

extension Lowering {
  fileprivate mutating func extremum(_ call: BuiltinCall, isMaximum: Bool) -> Value {
    if case .number(let x) = call[0].value, case .number(let y) = call[1].value {
      if x.double.isNaN { return .number(x) }
      if y.double.isNaN { return .number(y) }
      return .number((x < y) == isMaximum ? y : x)
    }
    if let x = call[0].value.dimension, let y = call[1].value.dimension,
      let difference = (x - y).constant
    {
      return .size((difference < 0) == isMaximum ? y : x)
    }
    warnAboutAxis(call, isMaximum: isMaximum)
    guard let left = settled(call[0]), let right = settled(call[1]),
      let pair = pair(left, right, at: call.range)
    else { return .poison }
    let id = isMaximum ? b.maximum(pair.a.id, pair.b.id) : b.minimum(pair.a.id, pair.b.id)
    return .tensor(tensor(id))
  }

  /// `max(x, 1)` on a matrix probably means an axis.
  private mutating func warnAboutAxis(_ call: BuiltinCall, isMaximum: Bool) {
    guard case .tensor(let x) = call[0].value, x.shape.rank >= 2, isUserText(call.range),
      case .number(.whole(let place)) = call[1].value, place == 1 || place == -1
    else { return }
    let name = isMaximum ? "max" : "min"
    fail(
      .extremumAxis, "`\(name)(x, \(place))` compares every element with \(place)", at: call.range,
      help: [
        "the \(name) over an axis is `\(name)(\(sources.text(call[0].range)), axis: \(place))`"
      ])
  }

  fileprivate mutating func greatest(_ call: BuiltinCall) -> Value {
    guard let x = numeric(call[0]), let reduced = reduction(of: x, call) else { return .poison }
    return .tensor(keep(tensor(b.reduceMax(x.id, axes: reduced.axes), x.kind), reduced))
  }

  fileprivate mutating func least(_ call: BuiltinCall) -> Value {
    guard let x = numeric(call[0]), let reduced = reduction(of: x, call) else { return .poison }
    let negated = b.negate(x.id)
    let id = b.negate(b.reduceMax(negated, axes: reduced.axes))
    return .tensor(keep(tensor(id, x.kind), reduced))
  }
}
