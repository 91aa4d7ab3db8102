import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Gives every trained parameter to exactly one optimizer: those with `for` first, then those
  /// without.
  mutating func claim(_ groups: inout [OptimizerGroup]) {
    var owners = [Int?](repeating: nil, count: model.parameters.count)
    for record in updates {
      if let place = parameters.place(of: record.name) { owners[place] = -1 }
    }
    let reached = groups.map { group -> Reach in
      if case .tensor(let loss) = group.loss.value { return reach(of: loss.id) }
      return Reach()
    }
    for place in groups.indices where !groups[place].statement.patterns.isEmpty {
      for pattern in groups[place].statement.patterns {
        claim(pattern, groups, place, &owners)
      }
    }
    for place in groups.indices where groups[place].statement.patterns.isEmpty {
      for parameter in model.parameters.indices where !model.parameters[parameter].isFrozen {
        guard let value = parameters.records[parameter].value,
          reached[place].differentiable.contains(value.id)
        else { continue }
        if let owner = owners[parameter] {
          if owner >= 0, groups[owner].statement.patterns.isEmpty {
            reportOverlap(
              model.parameters[parameter].name, groups[owner].range, groups[place].range)
          }
          continue
        }
        owners[parameter] = place
      }
    }
    for (parameter, owner) in owners.enumerated() {
      if let owner, owner >= 0 { groups[owner].parameters.append(parameter) }
      if !model.parameters[parameter].isFrozen, !groups.isEmpty,
        report.errorCount == 0 || isLossKnown(groups)
      {
        checkReached(parameter, owner: owner, groups, reached)
      }
    }
    for group in groups where group.parameters.isEmpty && report.errorCount == 0 {
      fail(
        .idleOptimizer, "this optimizer changes nothing", at: group.range,
        help: ["drop it, or leave it a parameter that is neither frozen nor updated"])
    }
  }

  private mutating func claim(
    _ pattern: StringLiteral, _ groups: [OptimizerGroup], _ place: Int,
    _ owners: inout [Int?]
  ) {
    let glob = Pattern(pattern.value)
    let matched = model.parameters.indices.filter { glob.matches(model.parameters[$0].name) }
    if matched.isEmpty { reportUnmatched(pattern) }
    for parameter in matched where !model.parameters[parameter].isFrozen {
      if let owner = owners[parameter], owner != place {
        let name = model.parameters[parameter].name
        if owner >= 0 {
          reportOverlap(name, groups[owner].range, pattern.range)
        } else {
          fail(
            .updateTwice, "`\(name)` has an `update` and an optimizer", at: pattern.range,
            help: ["keep one of the two"])
        }
        continue
      }
      owners[parameter] = place
    }
  }

  private func isLossKnown(_ groups: [OptimizerGroup]) -> Bool {
    groups.allSatisfy { !$0.loss.value.isPoison }
  }

  private mutating func reportOverlap(_ name: String, _ first: SourceRange, _ second: SourceRange) {
    fail(
      .optimizersOverlap, "`\(name)` belongs to two optimizers", at: second,
      notes: [Diagnostic.Label(first, "the other")],
      help: ["say which parameters each has: `for \"encoder.*\"`"])
  }

  private mutating func checkReached(
    _ place: Int, owner: Int?, _ groups: [OptimizerGroup], _ reached: [Reach]
  ) {
    guard let value = parameters.records[place].value, owner != -1 else { return }
    if let owner, reached[owner].differentiable.contains(value.id) { return }
    let candidates = owner.map { [reached[$0]] } ?? reached
    let parameter = model.parameters[place]
    if candidates.contains(where: { $0.differentiable.contains(value.id) }) {
      fail(
        .parameterUnclaimed, "no optimizer has the parameter `\(parameter.name)`",
        at: parameter.range,
        help: ["add it to an optimizer's `for`, or `freeze \"\(parameter.name)\"`"])
      return
    }
    let loss = groups[owner ?? 0].loss
    if candidates.contains(where: { $0.any.contains(value.id) }) {
      fail(
        .zeroGradient,
        "the loss `\(loss.name)` has no gradient in `\(parameter.name)`: it is constant almost "
          + "everywhere",
        at: loss.range,
        notes: [Diagnostic.Label(parameter.range, "`\(parameter.name)` is made here")],
        help: ["minimise a differentiable loss and keep this one as a `metric`"])
    } else {
      fail(
        .parameterUnreached, "the loss does not depend on the parameter `\(parameter.name)`",
        at: parameter.range, notes: [Diagnostic.Label(loss.range, "the loss")],
        help: ["use it, drop it, or `freeze \"\(parameter.name)\"`"])
    }
  }
}
