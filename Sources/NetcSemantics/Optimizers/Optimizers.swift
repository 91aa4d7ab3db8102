import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Lowers the optimizers once the rest of the training graph stands: which parameters each has,
  /// then its rules.
  mutating func lowerOptimizers() {
    freezeParameters()
    var statements: [(statement: OptimizerStatement, range: SourceRange)] = []
    for statement in deferred {
      if case .optimizer(let optimizer) = statement.kind {
        statements.append((optimizer, statement.range))
      }
    }
    var groups: [OptimizerGroup] = []
    for (statement, range) in statements {
      guard let loss = loss(of: statement, at: range) else {
        // Its rules are looked at all the same.
        _ = ruleLinks(statement.chain)
        continue
      }
      let every = period(of: statement)
      groups.append(OptimizerGroup(statement: statement, range: range, loss: loss, every: every))
    }
    if groups.count == statements.count, doubt.isEmpty { claim(&groups) }
    for place in groups.indices { lower(groups[place], isFirst: place == 0) }
  }

  /// The loss an optimizer minimises; nil after a mistake was reported.
  private mutating func loss(of statement: OptimizerStatement, at range: SourceRange) -> LossRecord?
  {
    if losses.isEmpty, !doubt.isEmpty { return nil }
    if let name = statement.minimize {
      if let loss = losses.first(where: { $0.name == name.text }) { return loss }
      let meant = Meant(
        name.text, at: name.range, among: losses.map(\.name),
        otherwise: "losses are \(losses.map { "`\($0.name)`" }.joined(separator: ", "))")
      fail(
        .unknownLoss, "there is no loss `\(name.text)`", at: name.range, help: meant.help,
        fixes: meant.fixes)
      return nil
    }
    guard let first = losses.first else {
      fail(
        .noLoss, "there is no loss to minimise", at: range, help: ["declare it: `loss mse(y, t)`"])
      return nil
    }
    guard losses.count == 1 else {
      fail(
        .minimizeNeeded, "there are \(losses.count) losses: say which one to minimise", at: range,
        help: ["add `minimize \(first.name)`"])
      return nil
    }
    return first
  }

  /// Marks the parameters and layer states that `freeze` names.
  private mutating func freezeParameters() {
    for statement in deferred {
      guard case .freeze(let patterns) = statement.kind else { continue }
      for pattern in patterns {
        let glob = Pattern(pattern.value)
        let places = model.parameters.indices.filter { glob.matches(model.parameters[$0].name) }
        let states = model.states.filter { $0.kind == .layer && glob.matches($0.name) }
        if places.isEmpty, states.isEmpty { reportUnmatched(pattern) }
        for place in places { model.parameters[place].isFrozen = true }
        for state in states { frozenStates.insert(state.name) }
      }
    }
  }

  /// Reports a pattern that names no parameter.
  mutating func reportUnmatched(_ pattern: StringLiteral) {
    let names = model.parameters.map(\.name)
    let groups = Set(names.flatMap { Self.groups(of: $0) }).sorted()
    let near = suggestions(for: pattern.value, among: names + groups)
    // Parameters that a mistake kept from being made may be meant.
    if report.errorCount > 0 || !doubt.isEmpty, near.isEmpty { return }
    let some = names.prefix(6).joined(separator: ", ")
    fail(
      .patternUnmatched, "no parameter is named like \"\(pattern.value)\"", at: pattern.range,
      help: [
        near.isEmpty
          ? "parameters are \(some)\(names.count > 6 ? ", …" : "")"
          : "did you mean \(near.prefix(3).map { "\"\($0)\"" }.joined(separator: " or "))?"
      ], fixes: near.count == 1 ? [Diagnostic.Fix(pattern.range, "\"\(near[0])\"")] : [])
  }

  /// The patterns for everything below each layer of a path: `a.b.c` is in `a.*` and `a.b.*`.
  private static func groups(of name: String) -> [String] {
    let parts = name.split(separator: ".").map(String.init)
    return parts.indices.dropLast().map { parts[...$0].joined(separator: ".") + ".*" }
  }

  private mutating func lower(_ group: OptimizerGroup, isFirst: Bool) {
    let statement = group.statement
    b.origin = Origin(range: group.range)
    period = group.every
    defer { period = 1 }
    guard let links = ruleLinks(statement.chain) else { return }
    guard case .tensor(let loss) = group.loss.value else { return }
    if isFirst { watchRate(links) }
    var targets: [RuleTarget] = []
    targets.reserveCapacity(group.parameters.count)
    for place in group.parameters {
      guard let parameter = parameters.records[place].value else { continue }
      let name = parameters.records[place].name
      b.origin = Origin(range: group.range)
      let gradient = tensor(b.grad(of: loss.id, wrt: parameter.id))
      b.graph.setName("d_" + name, of: gradient.id)
      targets.append(RuleTarget(name: name, parameter: parameter, gradient: gradient))
    }
    model.optimizers.append(
      ModelOptimizer(
        text: sources.text(statement.chain.range), loss: group.loss.name,
        parameters: group.parameters.map { parameters.records[$0].name }))
    guard let results = runChain(links, over: targets) else { return }
    for result in results {
      b.origin = Origin(range: group.range)
      let next = tensor(b.subtract(result.parameter.id, result.gradient.id))
      let kept = whenDue(next, else: result.parameter, every: group.every)
      updates.append(UpdateRecord(name: result.name, value: kept, range: group.range))
    }
    holdStates(of: group, links)
  }

  /// Keeps the argument named `lr` of the last rule that has one for reports.
  private mutating func watchRate(_ links: [RuleLink]) {
    for link in links.reversed() {
      let parameters = definitions[link.definition].parameters
      guard let place = parameters.firstIndex(where: { $0.name == "lr" }) else { continue }
      var value = link.values[place]?.value
      if value == nil,
        let expression = definitions[link.definition].syntax.signature.parameters[place]
          .defaultValue
      {
        value =
          inFrame(Frame(.constant, module: definitions[link.definition].module)) {
            $0.evaluate(expression)
          }.result
      }
      guard let value, let rate = tensorValue(value, at: link.site.range) else { return }
      b.graph.results.append(GraphResult(.watched, "learning_rate", convert(rate, to: .float).id))
      return
    }
  }
}

/// An optimizer with what it minimises and changes.
struct OptimizerGroup: Sendable {
  var statement: OptimizerStatement
  var range: SourceRange
  var loss: LossRecord
  /// It acts at the last of each `every` steps.
  var every = 1
  /// Their places, in order.
  var parameters: [Int] = []
}
