import NetcCore
import NetcGraph

/// Derivatives and sums over the data set or an optimizer's parameters.
enum TrainingBuiltins {
  static let all: [Builtin] = [
    Builtin("grad", ["e", "wrt"], effects: .grad) { lowering, call in lowering.grad(call) },
    Builtin("total", ["e"], effects: .collective) { lowering, call in lowering.total(call) },
    Builtin("group_sum", ["e"], effects: .collective) { lowering, call in lowering.groupSum(call) },
  ]
}

extension Lowering {
  fileprivate mutating func grad(_ call: BuiltinCall) -> Value {
    guard case .tensor(let e) = call[0].value, e.kind == .float, e.shape.rank == 0 else {
      return fail(
        .gradOfNonScalar, "`grad` differentiates a real scalar, found \(found(call[0].value))",
        at: call[0].range, help: ["sum it: `grad(sum(…), …)`"])
    }
    guard case .tensor(let wrt) = call[1].value, wrt.kind == .float else {
      return fail(
        .gradWrt,
        "`grad` differentiates in a tensor of real numbers, found \(found(call[1].value))",
        at: call[1].range)
    }
    let (scalar, source) = (use(e), use(wrt))
    let reach = reach(of: scalar.id)
    guard reach.differentiable.contains(source.id) else {
      return zeroGradient(call, isReached: reach.any.contains(source.id), scalar)
    }
    return .tensor(tensor(b.grad(of: scalar.id, wrt: source.id)))
  }

  private mutating func zeroGradient(
    _ call: BuiltinCall, isReached: Bool, _ scalar: TensorValue
  ) -> Value {
    let (e, wrt) = (sources.text(call[0].range), sources.text(call[1].range))
    if isReached {
      return fail(
        .gradUnrelated, "`\(e)` depends on `\(wrt)` only where derivatives are zero",
        at: call.range,
        help: ["comparisons, `floor`, `sign`, indices and `stop_gradient` let none through"])
    }
    if isInScan, b.graph.op(of: scalar.id) == .argument {
      return fail(
        .gradUnrelated, "`\(e)` is computed before the loop: in a turn it depends on nothing",
        at: call.range,
        help: ["take the derivative before the loop, or compute `\(e)` in it"])
    }
    return fail(
      .gradUnrelated, "`\(e)` does not depend on `\(wrt)`", at: call.range,
      help: ["differentiate in a named value that the first argument is computed from"])
  }

  private func found(_ value: Value) -> String {
    if case .tensor(let tensor) = value { return tensor.typeText }
    return value.description
  }

  /// The values of the graph computed from any of `sources`, themselves included.
  /// - Complexity: O(nodes).
  func dependents(of sources: [ValueID]) -> Set<ValueID> {
    var reached = Set(sources)
    for node in b.graph.nodeIDs
    where b.graph.operands(of: node).contains(where: { reached.contains($0) }) {
      for result in b.graph.results(of: node) { reached.insert(result) }
    }
    return reached
  }
}
