import NetcCore
import NetcGraph

/// Sums of products over chosen axes.
enum ProductBuiltins {
  static let all: [Builtin] = [
    Builtin("dot", ["x", "y", "batch?", "contract?"]) { lowering, call in lowering.dot(call) }
  ]
}

extension Lowering {
  fileprivate mutating func dot(_ call: BuiltinCall) -> Value {
    guard let x = numeric(call[0]), let y = numeric(call[1]) else { return .poison }
    var axes: [[Int]] = [[], [], [x.shape.rank - 1], [max(0, y.shape.rank - 2)]]
    for (place, side) in [call.optional(2), call.optional(3)].enumerated() {
      guard let side else { continue }
      guard let pair = axisPair(side) else { return .poison }
      axes[2 * place] = pair.0
      axes[2 * place + 1] = pair.1
    }
    let attributes: Attributes = [
      "lhs_batch": .ints(axes[0]), "rhs_batch": .ints(axes[1]), "lhs_contracting": .ints(axes[2]),
      "rhs_contracting": .ints(axes[3]),
    ]
    return emit(
      .dotGeneral, [convert(x, to: .float), convert(y, to: .float)], attributes, at: call.range
    ).map { .tensor($0) } ?? .poison
  }

  private mutating func axisPair(_ side: Operand) -> ([Int], [Int])? {
    guard case .list(let both) = side.value, both.count == 2,
      let left = wholes(Operand(both[0], side.range)),
      let right = wholes(Operand(both[1], side.range))
    else {
      fail(
        .axisPair, "two lists of axes are needed, of the left and the right side", at: side.range,
        help: ["write `[[1], [0]]`"])
      return nil
    }
    return (left, right)
  }
}
