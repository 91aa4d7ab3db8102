import NetcCore
import NetcGraph

/// Bodies of the calls that `Pass.stabilize` puts in place of unstable formulas.
enum StableForms {
  /// max(z, 0) + log(1 + exp(-|z|)), whose adjoint is d·σ(z).
  static func softplus(_ type: TensorType) -> (body: GraphBody, adjoint: GraphBody) {
    var value = GraphBuilder()
    let z = value.argument(0, type)
    let rest = value.logPlusOne(value.exponential(value.negate(value.abs(z))))
    let sum = value.add(value.maximum(z, value.zeros(type.shape)), rest)
    value.graph.results = [GraphResult(.result, "0", sum)]
    var adjoint = GraphBuilder()
    let input = adjoint.argument(0, type)
    let flowing = adjoint.argument(2, type)
    let product = adjoint.multiply(flowing, adjoint.logistic(input))
    adjoint.graph.results = [GraphResult(.result, "0", product)]
    return (GraphBody(value.graph), GraphBody(adjoint.graph))
  }
}

extension Graph {
  /// A reduction repeated along the axes it lost.
  struct SpreadReduction {
    /// What is reduced, over which axes, and the reduction itself.
    let operand: ValueID
    let axes: [Int]
    let result: ValueID
  }

  /// A value that is a reduction of something of its own shape, spread over it again; nil for any
  /// other.
  func spreadReduction(_ value: ValueID, _ op: OpID) -> SpreadReduction? {
    guard self.op(of: value) == .broadcastInDim else { return nil }
    let placed = attributes(of: node(of: value)).ints("axes")
    guard var inner = operands(of: node(of: value)).first else { return nil }
    let keepsAxes = self.op(of: inner) == .reshape
    if keepsAxes {
      guard let source = operands(of: node(of: inner)).first else { return nil }
      inner = source
    }
    guard self.op(of: inner) == op, let operand = operands(of: node(of: inner)).first,
      type(of: operand) == type(of: value)
    else { return nil }
    let axes = attributes(of: node(of: inner)).ints("axes")
    let rank = type(of: value).shape.rank
    let kept = (0..<rank).filter { !axes.contains($0) }
    if keepsAxes {
      let reshaped = operands(of: node(of: value)).first.map { type(of: $0).shape.dims } ?? []
      let own = (0..<rank).map { axes.contains($0) ? Dim(1) : type(of: value).shape[$0] }
      guard placed == Array(0..<rank), reshaped == own else { return nil }
    } else if placed != kept {
      return nil
    }
    return SpreadReduction(operand: operand, axes: axes, result: inner)
  }

  /// Whether a value is exp u/Σ exp u.
  func isSoftmax(_ value: ValueID) -> Bool {
    guard op(of: value) == .divide else { return false }
    let parts = Array(operands(of: node(of: value)))
    return op(of: parts[0]) == .exponential
      && spreadReduction(parts[1], .reduceSum)?.operand == parts[0]
  }

  /// Whether a value is z - m with m made of a greatest element.
  /// - Complexity: O(1): looks at most six operations down.
  func isShiftedByMaximum(_ value: ValueID) -> Bool {
    guard op(of: value) == .subtract, var m = operands(of: node(of: value)).last else {
      return false
    }
    for _ in 0..<6 {
      switch op(of: m) {
      case .reduceMax: return true
      case .stopGradient, .broadcastInDim, .reshape, .identity:
        guard let next = operands(of: node(of: m)).first else { return false }
        m = next
      case .select:
        m = operands(of: node(of: m))[operands(of: node(of: m)).startIndex + 1]
      default: return false
      }
    }
    return false
  }
}
