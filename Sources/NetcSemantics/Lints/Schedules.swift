import NetcCore
import NetcSyntax

extension Lowering {
  /// Warns of a learning rate whose schedule goes on after training has ended, or is over before
  /// half of it, where the number of steps is known from the text.
  mutating func lintSchedules(_ unit: SourceUnit) {
    guard let train = model.train, report.errorCount == 0, doubt.isEmpty else { return }
    let total: Int
    switch (train.length, train.batch) {
    case (.steps(let count), _): total = count
    case (.epochs(let count), .all): total = count
    default: return
    }
    for statement in unit.statements {
      guard case .optimizer(let optimizer) = statement.kind else { continue }
      var period = 1
      if let every = optimizer.every {
        guard let known = known(every) else { continue }
        period = max(1, known)
      }
      for target in optimizer.chain.targets {
        for argument in target.arguments ?? [] {
          checkSchedule(argument.value, steps: total / period, train.range)
        }
      }
    }
  }

  /// The whole number of an expression of numbers and constants; nil for any other.
  private mutating func known(_ expression: Expression) -> Int? {
    let mentions = Mentions(expression)
    guard mentions.callees.isEmpty,
      mentions.values.allSatisfy({ modules[0].constants[$0] != nil })
    else { return nil }
    return evaluate(expression).dimension?.constant
  }

  /// Checks a call of a function of `step` that has a setting `steps`.
  private mutating func checkSchedule(
    _ expression: Expression, steps total: Int, _ train: SourceRange
  ) {
    guard case .call(let path, let arguments) = expression.kind,
      case .definition(let place)? = findCallable(path.text)?.target,
      effects(of: place).contains(.step),
      let given = arguments.first(where: { $0.label?.text == "steps" }),
      let steps = known(given.value), total > 0
    else { return }
    let note = Diagnostic.Label(train, "training ends at step \(total)")
    if steps > total {
      fail(
        .scheduleLength, "this schedule ends at step \(steps), after training has", at: given.range,
        notes: [note],
        help: ["change \(steps) to \(total), so that the rate comes down to its end"])
    } else if steps < total / 2 {
      fail(
        .scheduleLength, "this schedule is over at step \(steps), before half of training",
        at: given.range, notes: [note],
        help: ["change \(steps) to \(total), unless a constant rate is meant for the rest"])
    }
  }
}
