import NetcCore
import NetcGraph
import NetcSyntax

/// A rule of an optimizer's chain with its settings.
struct RuleLink: Sendable {
  var definition: Int
  /// Its name in the states: `adam`, or `adam_2` for the second of a chain.
  var name: String
  var values: [ArgumentValue?]
  var site: CallSite
}

/// A parameter on its way through a chain of rules.
struct RuleTarget: Sendable {
  var name: String
  var parameter: TensorValue
  /// What the next rule sees as `grad`; after the last one what is subtracted.
  var gradient: TensorValue
}

extension Lowering {
  /// The rules of a chain with their settings evaluated; nil after a mistake was reported.
  mutating func ruleLinks(_ chain: Chain) -> [RuleLink]? {
    var links: [RuleLink] = []
    var counts: [String: Int] = [:]
    var isFine = true
    for target in chain.targets {
      guard let callable = callable(target.path) else {
        isFine = false
        continue
      }
      guard case .definition(let place) = callable.target, definitions[place].sort == .rule else {
        fail(
          .notARule, "`\(target.path.text)` is not a rule", at: target.range,
          help: ["an optimizer is a rule, or a chain: `clip_norm(1.0) |> adam(lr: 1e-3)`"])
        isFine = false
        continue
      }
      let site = CallSite(
        name: target.path.text, arguments: target.arguments ?? [], range: target.range)
      guard let slots = bind(site, to: definitions[place].parameters),
        let values = argumentValues(slots, of: place, site)
      else {
        isFine = false
        continue
      }
      let name = definitions[place].name
      counts[name, default: 0] += 1
      let count = counts[name] ?? 1
      links.append(
        RuleLink(
          definition: place, name: count == 1 ? name : "\(name)_\(count)", values: values,
          site: site))
    }
    return isFine && !links.isEmpty ? links : nil
  }

  /// Runs a chain over all parameters of an optimizer, rule by rule, so that sums over them are
  /// known in time.
  mutating func runChain(_ links: [RuleLink], over targets: [RuleTarget]) -> [RuleTarget]? {
    var current = targets
    for link in links {
      var sums: [TensorValue] = []
      var results: [RuleTarget] = []
      while results.count < current.count {
        results = []
        results.reserveCapacity(current.count)
        var parts: [TensorValue] = []
        let states = stateValues
        let order = stateOrder
        for target in current {
          var context = RuleContext(
            parameter: target.name, rule: link.name, groupSums: sums)
          guard let delta = runRule(link, target, &context) else {
            guard let part = context.part else { return nil }
            parts.append(part)
            continue
          }
          var next = target
          next.gradient = delta
          results.append(next)
        }
        if results.count == current.count { break }
        // What this pass declared is declared again by the next.
        stateValues = states
        stateOrder = order
        guard let first = parts.first, parts.count == current.count, sums.count < 16 else {
          return nil
        }
        let sum = parts.dropFirst().reduce(first.id) { b.add($0, $1.id) }
        sums.append(tensor(sum))
      }
      current = results
    }
    return current
  }

  /// One rule for one parameter: what it returns, or nil when it waits for a sum or a mistake was
  /// reported.
  private mutating func runRule(
    _ link: RuleLink, _ target: RuleTarget, _ context: inout RuleContext
  ) -> TensorValue? {
    let place = link.definition
    let (name, statements) = (
      definitions[place].syntax.name, definitions[place].syntax.body.statements
    )
    calls.append(Call(range: link.site.range, definition: link.definition))
    defer { calls.removeLast() }
    setOrigin(link.site.range)
    var body = Frame(.rule, module: definitions[place].module, definition: place)
    body.words = definitions[place].words
    let range = name.range
    body.declare("param", Binding(role: .argument, value: .tensor(target.parameter), range: range))
    body.declare("grad", Binding(role: .argument, value: .tensor(target.gradient), range: range))
    rule = context
    defer { rule = nil }
    let ran = inFrame(body) { lowering -> [Value]? in
      guard lowering.bindValues(link.values, of: place, link.site) else { return nil }
      lowering.run(statements)
      return lowering.frame.returned
    }
    context = rule ?? context
    if context.part != nil { return nil }
    guard let returned = ran.result else {
      if report.errorCount == 0 {
        fail(.nothingReturned, "`\(name.text)` ends without `return`", at: range)
      }
      return nil
    }
    guard returned.count == 1, let delta = tensorValue(returned[0], at: range) else { return nil }
    let real = convert(delta, to: .float)
    if real.shape.rank == 0 { return broadcast(real, to: target.parameter.shape) }
    guard real.shape == target.parameter.shape else {
      fail(
        .ruleShape,
        "`\(name.text)` returns \(real.typeText) for `\(target.name)`, which is "
          + target.parameter.typeText, at: link.site.range)
      return nil
    }
    return real
  }
}
