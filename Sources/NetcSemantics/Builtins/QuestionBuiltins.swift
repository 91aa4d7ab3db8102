import NetcCore

/// Questions about values, answered while compiling.
enum QuestionBuiltins {
  static let all: [Builtin] = [
    Builtin("shape", ["x"]) { lowering, call in
      if case .tensor(let x) = call[0].value { return .sizes(x.shape) }
      return .sizes(lowering.shape(of: call[0].value))
    },
    Builtin("rank", ["x"]) { lowering, call in .whole(lowering.shape(of: call[0].value).rank) },
    Builtin("size", ["x", "axis?"]) { lowering, call in
      let shape = lowering.shape(of: call[0].value)
      guard let side = call.optional(1) else { return .size(shape.count) }
      guard let axis = lowering.axis(side, rank: shape.rank) else { return .poison }
      return .size(shape[axis])
    },
    Builtin("length", ["x"]) { lowering, call in
      switch call[0].value {
      case .list(let values): return .whole(values.count)
      case .range(let lower, let upper): return .whole(upper - lower)
      default:
        return lowering.fail(
          .notIndexable, "`length` needs a list, found \(call[0].value.description)",
          at: call[0].range, help: ["`size(x, axis: 0)` is the size of a tensor's axis"])
      }
    },
    Builtin("is_float", ["x"]) { _, call in
      switch call[0].value {
      case .tensor(let x): .bool(x.kind == .float)
      case .number, .list: .bool(true)
      default: .bool(false)
      }
    },
    Builtin("ignored", ["x"]) { _, call in
      if case .tensor(let x) = call[0].value, case .classes(let classes) = x.kind,
        let ignore = classes.ignore
      {
        return .whole(ignore)
      }
      return .none
    },
    Builtin("error", ["message"]) { lowering, call in
      guard case .string(let message) = call[0].value else {
        return lowering.fail(.keyNotText, "`error` needs a text", at: call[0].range)
      }
      let place = lowering.calls.last { lowering.isUserText($0.range) }?.range ?? call.range
      return lowering.fail(.refused, message, at: place)
    },
  ]
}
