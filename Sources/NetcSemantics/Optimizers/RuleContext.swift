import NetcCore
import NetcGraph

/// What a rule sees while it is lowered for one parameter.
struct RuleContext: Sendable {
  /// The parameter's name.
  var parameter: String
  /// The rule's name in the states.
  var rule: String
  /// The sums over the optimizer's parameters that are known, in the order the rule asks for them.
  var groupSums: [TensorValue]
  /// How many of them were asked for.
  var asked = 0
  /// This parameter's part of the first sum that is not known.
  var part: TensorValue?

  /// `PARAMETER.RULE.`
  var statePrefix: String { "\(parameter).\(rule)." }
}

extension Lowering {
  /// `group_sum(e)`: the sum of a scalar over all parameters of the optimizer, in order of
  /// declaration.
  mutating func groupSum(_ call: BuiltinCall) -> Value {
    guard var context = rule else {
      return fail(
        .groupSumOutsideRule,
        "`group_sum` sums over an optimizer's parameters and belongs in a `rule`",
        at: call.range)
    }
    if isInScan {
      return fail(
        .scanPlace, "`group_sum` stands outside a scan", at: call.range,
        help: ["yield what is to be summed, and sum it after the scan"])
    }
    guard let e = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    guard e.shape.rank == 0, e.kind == .float else {
      return fail(
        .totalNotScalar, "`group_sum` sums a real scalar, this is \(e.typeText)", at: call[0].range,
        help: ["sum over the parameter first: `group_sum(sum(…))`"])
    }
    let place = context.asked
    context.asked += 1
    var result = Value.poison
    if place < context.groupSums.count {
      result = .tensor(context.groupSums[place])
    } else if context.part == nil {
      context.part = e
    }
    rule = context
    return result
  }
}
