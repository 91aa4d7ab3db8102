import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// `param W: T = e`.
  mutating func declareParameter(_ path: Path, _ type: TypeExpression, _ initial: Expression) {
    guard checkFree(path.text, at: path.range, .parameter) else { return }
    let name = turned(frame.path + path.text, frame.turns)
    guard let resolved = resolve(type), checkStorable(resolved, at: type.range, "parameter", name)
    else {
      frame.declare(path.text, Binding(role: .parameter, value: .poison, range: path.range))
      return
    }
    guard let place = parameter(name, resolved, path.range, sizeSources(of: type)),
      let value = parameters.records[place].value
    else {
      frame.declare(path.text, Binding(role: .parameter, value: .poison, range: path.range))
      return
    }
    frame.declare(path.text, Binding(role: .parameter, value: .tensor(value), range: path.range))
    if isTraining, parameters.records[place].first == nil {
      parameters.records[place].first = initialize(name, resolved, initial)
    }
  }

  /// The place of the parameter of that name, made in the graph at its first application; nil
  /// after a mistake was reported.
  private mutating func parameter(
    _ name: String, _ type: ResolvedType, _ range: SourceRange, _ sizes: [[SizeSource]]
  ) -> Int? {
    let place = parameters.place(of: name) ?? parameters.add(name, range)
    let other = parameters.records[place].range
    if other != range {
      fail(
        .nameTaken, "there are two parameters `\(name)`", at: userRange(range),
        notes: [Diagnostic.Label(other, "the other is declared here")],
        help: ["choose another name"])
      return nil
    }
    if let known = parameters.records[place].value {
      if known.shape == type.shape, known.kind == type.kind { return place }
      reportShared(name, known, type, range, sizes)
      return nil
    }
    parameters.records[place].sizes = sizes
    if isTraining {
      model.parameters.append(
        ModelParameter(
          name: name, type: TensorType(.float, type.shape), isFrozen: false,
          range: userRange(range)))
    } else if place >= model.parameters.count {
      // Once for all parameters of a call.
      if evaluationOnly.insert(userRange(range)).inserted {
        fail(
          .evaluationOnly, "the parameter `\(name)` exists in evaluation only", at: range,
          help: ["use the layer in training too, or drop it"])
      }
      return nil
    }
    setOrigin(range)
    parameters.records[place].value = tensor(
      b.parameter(name, TensorType(.float, type.shape)))
    return place
  }

  /// The name of the parameter that a value of the program's graph is; nil for any other value.
  func parameterName(of value: TensorValue) -> String? {
    guard value.graph == programGraph else { return nil }
    // While a first value is computed the graph around it is kept in place of the initial one.
    let graph =
      graph == programGraph
      ? b.graph
      : outerGraphs.last { $0.number == programGraph }?.builder.graph ?? initial.builder.graph
    guard graph.op(of: value.id) == .parameter else { return nil }
    return graph.attributes(of: graph.node(of: value.id)).text("name")
  }

  private mutating func reportShared(
    _ name: String, _ known: TensorValue, _ type: ResolvedType, _ range: SourceRange,
    _ sizes: [[SizeSource]]
  ) {
    var first = SizeTrail()
    var here = SizeTrail()
    if known.shape.rank == type.shape.rank {
      for axis in 0..<type.shape.rank where known.shape[axis] != type.shape[axis] {
        trace(known, axis: axis, &first)
        guard axis < sizes.count else { continue }
        for source in sizes[axis] { trace(source, type.shape[axis], &here) }
      }
    }
    let sides = [
      ShapeSide(range, "declared here", SizeTrail()),
      ShapeSide(userRange(range), "applied again here", here),
      ShapeSide(parameterOrigin(known) ?? range, "first applied here", first),
    ]
    let place = userRange(range)
    fail(
      .sharedShape,
      "`\(name)` is \(known.typeText) since its first application, here \(type.text)",
      at: place, label: sides[1].label.text,
      notes: labels(sides).filter { $0.range != place && isUserText($0.range) },
      help: ["a shared layer needs inputs of the same size at each application"])
  }

  /// The text that made a parameter.
  private func parameterOrigin(_ parameter: TensorValue) -> SourceRange? {
    guard let graph = level(of: parameter.graph)?.graph else { return nil }
    return graph.origin(of: graph.node(of: parameter.id)).range
  }

  /// The innermost text of the user's that led to `range`.
  func userRange(_ range: SourceRange) -> SourceRange {
    if isUserText(range) { return range }
    return calls.last { isUserText($0.range) }?.range ?? range
  }

  private mutating func checkStorable(
    _ type: ResolvedType, at range: SourceRange, _ word: String, _ name: String
  ) -> Bool {
    if word == "parameter", type.kind != .float {
      fail(
        .parameterKind, "a parameter holds real numbers, `\(name)` is \(type.kind.text)",
        at: range, help: ["write `float[…]`; whole numbers are kept in a `state`"])
      return false
    }
    guard let free = type.shape.dims.first(where: { $0.constant == nil }) else { return true }
    fail(
      .storedSymbol, "the shape of the \(word) `\(name)` depends on `\(free)`, which data decides",
      at: range, help: ["its dimensions must be numbers"])
    return false
  }

  /// `state v: T = e` of a layer or the top level; rules declare theirs per parameter.
  mutating func declareState(_ path: Path, _ type: TypeExpression?, _ initial: Expression) {
    guard checkFree(path.text, at: path.range, .state("")) else { return }
    let name = turned(statePrefix + path.text, frame.turns)
    let role = Binding.Role.state(name)
    if stateValues[name] != nil {
      frame.declare(path.text, Binding(role: role, value: .poison, range: path.range))
      return
    }
    guard let resolved = stateType(name, type, initial),
      checkStorable(resolved, at: type?.range ?? path.range, "state", name)
    else {
      frame.declare(path.text, Binding(role: .let, value: .poison, range: path.range))
      return
    }
    let graphType = TensorType(resolved.kind.element, resolved.shape)
    if isTraining {
      if self.initial.values[name] == nil {
        self.initial.values[name] = initialize(name, resolved, initial)
      }
      if declaredStates.insert(name).inserted {
        model.states.append(
          ModelState(
            name: name, type: graphType, kind: frame.body == .rule ? .optimizer : .layer,
            range: userRange(path.range)))
      }
    } else if !declaredStates.contains(name) {
      fail(
        .evaluationOnly, "the state `\(name)` exists in evaluation only", at: path.range,
        help: ["use the layer in training too, or drop it"])
    }
    if let type, declaredSizes[name] == nil { declaredSizes[name] = sizeSources(of: type) }
    setOrigin(path.range)
    let value = tensor(b.state(name, graphType), resolved.kind)
    stateValues[name] = StateValue(value: value, range: path.range)
    stateOrder.append(name)
    frame.declare(path.text, Binding(role: role, value: .tensor(value), range: path.range))
  }

  private var statePrefix: String { rule.map { $0.statePrefix } ?? frame.path }

  /// A state's type: as annotated, else that of its first value.
  private mutating func stateType(
    _ name: String, _ type: TypeExpression?, _ expression: Expression
  ) -> ResolvedType? {
    if let type { return resolve(type) }
    if let known = initial.values[name] {
      return ResolvedType(kind: known.kind, shape: known.shape)
    }
    guard let first = initialize(name, nil, expression) else { return nil }
    initial.values[name] = first
    return ResolvedType(kind: first.kind, shape: first.shape)
  }

  /// Computes the first value of a parameter or state in the initial graph, its declared shape
  /// handed to an initializer; nil after a mistake was reported.
  private mutating func initialize(
    _ name: String, _ type: ResolvedType?, _ expression: Expression
  ) -> TensorValue? {
    initial.begin(name)
    let origin = b.origin
    let number = graph
    swap(&b, &initial.builder)
    graph = initial.number
    b.origin = origin
    let value = firstValueHere(name, type, expression)
    swap(&b, &initial.builder)
    graph = number
    if let value { initial.builder.graph.results.append(GraphResult(.initial, name, value.id)) }
    return value
  }

  private mutating func firstValueHere(
    _ name: String, _ type: ResolvedType?, _ expression: Expression
  ) -> TensorValue? {
    let value = initializerValue(expression, type)
    guard var tensor = tensorValue(value, at: expression.range) else { return nil }
    if let type {
      if tensor.kind != type.kind { tensor = convert(tensor, to: type.kind) }
      if case .number = value { tensor = broadcast(tensor, to: type.shape) }
      guard tensor.shape == type.shape else {
        fail(
          .initialShape, "`\(name)` is \(type.text), its first value \(tensor.typeText)",
          at: expression.range, help: ["an initializer such as `zeros()` takes the declared shape"])
        return nil
      }
    } else if case .number(let number) = value {
      tensor = constant(number.double, .float, .scalar)
    }
    if initial.placeholders.isEmpty { return tensor }
    let dependent = dependents(of: Array(initial.placeholders))
    guard dependent.contains(tensor.id) else { return tensor }
    fail(
      .initialDepends, "the first value of `\(name)` depends on values of a step",
      at: expression.range, help: ["first values are computed before there are data"])
    return nil
  }

  /// An initializer's call gets the declared shape as its first argument.
  private mutating func initializerValue(_ expression: Expression, _ type: ResolvedType?) -> Value {
    guard let type, case .call(let path, let arguments) = expression.kind,
      let callable = findCallable(path.text), case .definition(let place) = callable.target,
      definitions[place].parameters.first?.isDims == true
    else { return evaluate(expression) }
    let site = CallSite(
      name: path.text, arguments: arguments, piped: (.sizes(type.shape), expression.range),
      range: expression.range)
    setOrigin(site.range)
    guard let slots = bind(site, to: definitions[place].parameters, preset: callable.settings),
      let values = argumentValues(slots, of: place, site)
    else { return .poison }
    return apply(initializer: place, to: values, site)
  }
}
