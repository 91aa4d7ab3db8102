import NetcCore
import NetcGraph
import NetcSyntax

/// Optimizers that act at the last of each n steps; their states and their `step` advance only
/// then.
extension Lowering {
  /// The number after `every`; 1 without one or after a mistake was reported.
  mutating func period(of statement: OptimizerStatement) -> Int {
    guard let expression = statement.every else { return 1 }
    let value = evaluate(expression)
    if value.isPoison { return 1 }
    guard let count = value.dimension?.constant, count >= 1, count <= Int(Int32.max) else {
      fail(
        .everyCount,
        "`every` takes a whole number of steps, at least 1, found \(value.description)",
        at: expression.range, help: ["write `every 5` to act at each fifth step"])
      return 1
    }
    return count
  }

  /// Updates completed by the optimizer under way: every n-th step of the program's.
  mutating func optimizerStep() -> ValueID {
    let step = b.step()
    return period == 1 ? step : b.divide(step, b.constant(Double(period), element: .int))
  }

  /// `next` at the steps an optimizer acts at, else `current`.
  mutating func whenDue(_ next: TensorValue, else current: TensorValue, every: Int) -> TensorValue {
    guard every > 1 else { return next }
    let count = b.constant(Double(every), element: .int)
    let last = b.constant(Double(every - 1), element: .int)
    let isDue = b.compare(.eq, b.remainder(b.step(), count), last)
    let choice = b.broadcast(isDue, to: next.shape, axes: [])
    return tensor(b.select(choice, next.id, current.id), next.kind)
  }

  /// Lets the states of an optimizer's rules keep their values between the steps it acts at.
  mutating func holdStates(of group: OptimizerGroup, _ links: [RuleLink]) {
    guard group.every > 1 else { return }
    let prefixes = group.parameters.flatMap { place in
      links.map { "\(parameters.records[place].name).\($0.name)." }
    }
    for state in model.states
    where state.kind == .optimizer && prefixes.contains(where: { state.name.hasPrefix($0) }) {
      guard let record = stateValues[state.name], record.isAssigned else { continue }
      let current = tensor(b.state(state.name, state.type), record.value.kind)
      let kept = whenDue(record.value, else: current, every: group.every)
      stateValues[state.name]?.value = kept
    }
  }
}
