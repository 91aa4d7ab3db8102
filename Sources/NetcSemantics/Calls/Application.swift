import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Applies what `path` names to the arguments.
  mutating func call(
    _ path: Path, _ arguments: [Argument], piped: (value: Value, range: SourceRange)? = nil,
    range: SourceRange
  ) -> Value {
    guard let callable = callable(path) else {
      for argument in arguments where argument.label == nil { _ = evaluate(argument.value) }
      return .poison
    }
    if let piped, piped.value.isPoison { return .poison }
    return apply(
      callable,
      to: CallSite(name: path.text, arguments: arguments, piped: piped, range: range))
  }

  /// Applies a callable to the arguments of a call.
  mutating func apply(_ callable: Callable, to site: CallSite) -> Value {
    setOrigin(site.range)
    switch callable.target {
    case .builtin(let named):
      let operands = site.arguments.count { $0.label == nil } + (site.piped == nil ? 0 : 1)
      let place = operands == 2 ? ExtremumBuiltins.ofTwo(callable.name) ?? named : named
      let builtin = BuiltinCatalogue.builtins[place]
      guard let slots = bind(site, to: builtin.parameters, preset: callable.settings) else {
        return .poison
      }
      return apply(builtin, slots, site)
    case .definition(let place):
      let parameters = definitions[place].parameters
      guard let slots = bind(site, to: parameters, preset: callable.settings) else {
        return .poison
      }
      guard let values = argumentValues(slots, of: place, site) else { return .poison }
      return apply(definition: place, to: values, site)
    case .instance(let place): return apply(instance: place, to: site)
    }
  }

  /// Applies a definition to values of its parameters, in order; nil takes the default.
  mutating func apply(
    definition place: Int, to values: [ArgumentValue?], _ site: CallSite,
    instance: String? = nil, application: Int? = nil
  ) -> Value {
    let sort = definitions[place].sort
    guard enter(place, site) else { return .poison }
    defer { calls.removeLast() }
    var callee = Frame(
      sort == .layer ? .layer : sort == .rule ? .rule : .function,
      module: definitions[place].module, definition: place)
    callee.words = definitions[place].words
    callee.differentiated = definitions[place].differentiated
    callee.application = application ?? frame.application
    let bound = inFrame(callee) { $0.bindValues(values, of: place, site) }
    guard bound.result else { return .poison }
    callee = bound.frame
    switch sort {
    case .rule:
      return fail(
        .ruleCalled, "`\(site.name)` is a rule and belongs to an `optimizer`", at: site.range)
    case .layer:
      guard frame.body == .top || frame.body == .layer else {
        return fail(
          .layerInFunction, "`\(site.name)` has parameters, which a `fn` cannot own",
          at: site.range,
          help: ["make the enclosing definition a `layer`"])
      }
      let path = instance ?? names.name(site.name, at: site.range, in: &frame)
      callee.path = path + "."
      return inFrame(callee) { $0.runBody(of: place, site) }.result
    case .function:
      return applyFunction(place, callee, site, instance: instance)
    }
  }

  /// Notes that a definition's body is entered; false after reporting that it calls itself or goes
  /// too deep.
  private mutating func enter(_ place: Int, _ site: CallSite) -> Bool {
    if calls.contains(where: { $0.definition == place }) {
      let start = calls.firstIndex { $0.definition == place } ?? 0
      let cycle =
        calls[start...].map { definitions[$0.definition].name } + [definitions[place].name]
      fail(
        .recursion, "`\(definitions[place].name)` calls itself", at: site.range,
        help: ["the cycle is " + cycle.map { "`\($0)`" }.joined(separator: " → ")])
      return false
    }
    if calls.count >= WorkBudget.mostCalls {
      fail(.tooDeep, "calls are nested more than \(WorkBudget.mostCalls) deep", at: site.range)
      return false
    }
    calls.append(Call(range: site.range, definition: place))
    return true
  }

  /// Runs a body in the current frame and gives what it returns, as one value or a list.
  mutating func runBody(of place: Int, _ site: CallSite) -> Value {
    run(definitions[place].syntax.body.statements)
    guard let returned = frame.returned else {
      if report.errorCount > 0 || !doubt.isEmpty { return .poison }
      return fail(
        .nothingReturned, "`\(definitions[place].name)` ends without `return`",
        at: definitions[place].syntax.name.range)
    }
    let checked = checkResults(returned, of: place)
    return checked.count == 1 ? checked[0] : .list(checked)
  }

  /// Makes a `layer NAME = chain` with `path` as its place among the names.
  mutating func makeInstance(_ name: Name, _ chain: Chain, path: String) -> Callable {
    var links: [Callable] = []
    var isFine = true
    if !names.claim(path) {
      fail(
        .nameTaken, "a layer without a name is called `\(path)` already", at: name.range,
        help: ["choose another name"])
      isFine = false
    }
    for target in chain.targets {
      guard let link = callable(target.path) else {
        isFine = false
        continue
      }
      if case .instance = link.target, chain.targets.count == 1 {
        fail(
          .instanceOfInstance, "`\(target.path.text)` is an instance already", at: target.range,
          help: ["apply it as it is: using it twice shares its parameters"])
        isFine = false
        continue
      }
      guard let preset = preset(link, target.arguments ?? [], range: target.range) else {
        isFine = false
        continue
      }
      links.append(preset)
    }
    // An instance without links was reported; applying it gives nothing more to say.
    instances.append(InstanceRecord(path: path, links: isFine ? links : [], range: name.range))
    return Callable(target: .instance(instances.count - 1), name: name.text)
  }

  /// A callable with more of its settings given, its tensors left open; nil after a mistake was
  /// reported.
  mutating func preset(
    _ callable: Callable, _ arguments: [Argument], range: SourceRange
  ) -> Callable? {
    if arguments.isEmpty, callable.settings.isEmpty, case .instance = callable.target {
      return callable
    }
    let site = CallSite(name: callable.name, arguments: arguments, range: range)
    var result = callable
    switch callable.target {
    case .instance:
      guard arguments.isEmpty else {
        fail(
          .argumentSurplus, "`\(callable.name)` has its settings already", at: range,
          help: ["name it without arguments"])
        return nil
      }
    case .builtin(let place):
      let parameters = BuiltinCatalogue.builtins[place].parameters
      guard
        let slots = bind(site, to: parameters, preset: callable.settings, leavesOpen: true)
      else { return nil }
      for (slot, parameter) in zip(slots, parameters) {
        guard case .expression(let expression)? = slot else { continue }
        result.settings.append(
          Callable.Setting(
            name: parameter.name, value: evaluateArgument(expression, parameter),
            range: expression.range))
      }
    case .definition(let place):
      let parameters = definitions[place].parameters
      guard let slots = bind(site, to: parameters, preset: callable.settings, leavesOpen: true)
      else { return nil }
      for (slot, parameter) in zip(slots, parameters) {
        guard case .expression(let expression)? = slot else { continue }
        let value = evaluateArgument(expression, parameter)
        result.settings.append(
          Callable.Setting(name: parameter.name, value: value, range: expression.range))
      }
    }
    return result
  }

  private mutating func apply(instance place: Int, to site: CallSite) -> Value {
    let record = instances[place]
    if record.links.isEmpty { return .poison }
    if record.links.count == 1 {
      return apply(link: record.links[0], of: place, to: site)
    }
    var site = site
    if site.piped == nil, let first = site.arguments.first {
      let input = evaluate(first.value)
      site.arguments.removeFirst()
      site.piped = (input, first.value.range)
    }
    var inner = Frame(.layer, module: frame.module)
    inner.path = record.path + "."
    inner.application = nextApplication(of: place)
    inner.chain = record.range
    return chain(record, inner, from: site)
  }

  /// Counts an application of an instance, its arguments evaluated.
  private mutating func nextApplication(of place: Int) -> Int {
    instances[place].applications += 1
    return instances[place].applications
  }

  /// Applies the links of a chain one after the other, in the frame of its instance.
  private mutating func chain(_ record: InstanceRecord, _ inner: Frame, from site: CallSite)
    -> Value
  {
    inFrame(inner) { lowering in
      var link = site
      for (place, callable) in record.links.enumerated() {
        link.name = callable.name
        // Two links of the same layer are told apart by their places in the chain.
        lowering.frame.turns = [place]
        let value = lowering.apply(callable, to: link)
        if value.isPoison { return .poison }
        link = CallSite(name: "", arguments: [], piped: (value, site.range), range: site.range)
      }
      return link.piped?.value ?? .poison
    }.result
  }

  /// Applies the only link of an instance: its parameters stand directly below the instance's path.
  private mutating func apply(link: Callable, of instance: Int, to site: CallSite) -> Value {
    guard case .definition(let place) = link.target else { return apply(link, to: site) }
    let parameters = definitions[place].parameters
    guard let slots = bind(site, to: parameters, preset: link.settings),
      let values = argumentValues(slots, of: place, site)
    else { return .poison }
    return apply(
      definition: place, to: values, site, instance: instances[instance].path,
      application: nextApplication(of: instance))
  }
}
