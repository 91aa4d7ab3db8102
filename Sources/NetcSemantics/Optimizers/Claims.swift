import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Gives every trained parameter to exactly one optimizer: those with `for` first, then those
  /// without.
  mutating func claim(_ groups: inout [OptimizerGroup]) {
    var owners: [String: Int] = [:]
    for record in updates { owners[record.name] = -1 }
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
      for parameter in model.parameters where !parameter.isFrozen {
        guard let value = parameterValues[parameter.name],
          reached[place].differentiable.contains(value.id)
        else { continue }
        if let owner = owners[parameter.name] {
          if owner >= 0, groups[owner].statement.patterns.isEmpty {
            reportOverlap(parameter.name, groups[owner].range, groups[place].range)
          }
          continue
        }
        owners[parameter.name] = place
      }
    }
    for parameter in model.parameters {
      if let owner = owners[parameter.name], owner >= 0 {
        groups[owner].parameters.append(parameter.name)
      }
      if !parameter.isFrozen, !groups.isEmpty, report.errorCount == 0 || isLossKnown(groups) {
        checkReached(parameter, owner: owners[parameter.name], groups, reached)
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
    _ owners: inout [String: Int]
  ) {
    let glob = Pattern(pattern.value)
    let matched = model.parameters.filter { glob.matches($0.name) }
    if matched.isEmpty { reportUnmatched(pattern) }
    for parameter in matched where !parameter.isFrozen {
      if let owner = owners[parameter.name], owner != place {
        if owner >= 0 {
          reportOverlap(parameter.name, groups[owner].range, pattern.range)
        } else {
          fail(
            .updateTwice, "`\(parameter.name)` has an `update` and an optimizer", at: pattern.range,
            help: ["keep one of the two"])
        }
        continue
      }
      owners[parameter.name] = place
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
    _ parameter: ModelParameter, owner: Int?, _ groups: [OptimizerGroup], _ reached: [Reach]
  ) {
    guard let value = parameterValues[parameter.name], owner != -1 else { return }
    let candidates = owner.map { [reached[$0]] } ?? reached
    if candidates.contains(where: { $0.differentiable.contains(value.id) }) {
      guard owner == nil else { return }
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
