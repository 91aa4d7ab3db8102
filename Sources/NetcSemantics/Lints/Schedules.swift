import NetcCore
import NetcSyntax

extension Lowering {
  /// Warns of a learning rate whose schedule goes on after training has ended, or is over before
  /// half of it; where data decide the number of steps, keeps it for the run to compare.
  mutating func lintSchedules(_ unit: SourceUnit) {
    guard let train = model.train, report.errorCount == 0, doubt.isEmpty else { return }
    let total: Int? =
      switch (train.length, train.batch) {
      case (.steps(let count), _), (.epochs(let count), .all): count
      default: nil
      }
    for schedule in schedules(unit) {
      guard let total else {
        model.schedules.append(schedule)
        continue
      }
      guard let mistake = schedule.mistake(total: total) else { continue }
      fail(
        .scheduleLength, mistake.message, at: schedule.range,
        notes: [Diagnostic.Label(train.range, "training ends at step \(total)")],
        help: [mistake.help])
    }
  }

  /// The calls of functions of `step` that have a setting `steps`, among the optimizers' arguments.
  private mutating func schedules(_ unit: SourceUnit) -> [ModelSchedule] {
    var found: [ModelSchedule] = []
    for case .optimizer(let optimizer) in unit.statements.map(\.kind) {
      let period = optimizer.every.map { known($0) } ?? 1
      guard let period else { continue }
      for argument in optimizer.chain.targets.flatMap({ $0.arguments ?? [] }) {
        guard case .call(let path, let arguments) = argument.value.kind,
          case .definition(let place)? = findCallable(path.text)?.target,
          effects(of: place).contains(.step),
          let given = arguments.first(where: { $0.label?.text == "steps" }),
          let steps = known(given.value)
        else { continue }
        found.append(ModelSchedule(steps: steps, every: period, range: given.range))
      }
    }
    return found
  }

  /// The whole number of an expression of numbers and constants; nil for any other.
  private mutating func known(_ expression: Expression) -> Int? {
    let mentions = Mentions(expression)
    guard mentions.callees.isEmpty,
      mentions.values.allSatisfy({ modules[0].constants[$0] != nil })
    else { return nil }
    return evaluate(expression).dimension?.constant
  }
}
