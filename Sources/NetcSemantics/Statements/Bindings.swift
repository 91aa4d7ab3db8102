import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// `let a, b: T = e` and `var`.
  mutating func bindNames(_ binding: NetcSyntax.Binding, role: Binding.Role) {
    var value = evaluate(binding.value)
    if let type = binding.type, binding.names.count == 1 { value = annotated(value, type, binding) }
    let values = takenApart(value, binding.names.count, at: binding.value.range)
    for (name, value) in zip(binding.names, values) {
      guard checkFree(name.text, at: name.range, role) else { continue }
      let named = self.named(value, name.text)
      frame.declare(name.text, Binding(role: role, value: named, range: name.range))
    }
  }

  /// `a, b = e`.
  mutating func rebind(_ paths: [Path], _ expression: Expression, at range: SourceRange) {
    let value = evaluate(expression)
    let values = takenApart(value, paths.count, at: expression.range)
    for (path, value) in zip(paths, values) {
      guard let binding = frame.binding(path.text) else {
        reportUnknownRebinding(path)
        continue
      }
      switch binding.role {
      case .var: frame.rebind(path.text, named(value, path.text))
      case .state(let name): assign(value, toState: name, path)
      case .let, .argument, .setting, .loop, .input, .parameter:
        let word = binding.role.word
        let help =
          switch binding.role {
          case .let: "make it `var \(path.text)`"
          case .parameter: "a parameter changes by `update \(path.text) = …` or an optimizer"
          default: "keep the new value under another name, or in a `var`"
          }
        fail(
          .notRebindable, "`\(path.text)` is a \(word) and cannot be rebound", at: path.range,
          notes: [Diagnostic.Label(binding.range, "declared here")], help: [help])
      }
    }
  }

  private mutating func reportUnknownRebinding(_ path: Path) {
    let text = path.text
    // A statement's word before `=` is reported by the parser.
    if ["loss", "metric", "output", "input", "param", "update", "optimizer"].contains(text) {
      return
    }
    let rebindable = frame.candidates.filter { name in
      switch frame.binding(name)?.role {
      case .var, .state: true
      default: false
      }
    }
    let meant = Meant(
      text, at: path.range, among: rebindable, otherwise: "declare it: `var \(text) = …`, or `let`")
    fail(
      .unknownRebinding, "there is no var or state `\(text)` to rebind", at: path.range,
      help: meant.help, fixes: meant.fixes)
  }

  private mutating func assign(_ value: Value, toState name: String, _ path: Path) {
    guard let old = stateValues[name], let new = tensorValue(value, at: path.range) else { return }
    var next = new
    if new.shape.rank == 0, old.value.shape.rank > 0, case .number = value {
      next = broadcast(new, to: old.value.shape)
    }
    if next.kind == .int, old.value.kind == .float { next = convert(next, to: .float) }
    guard next.shape == old.value.shape, next.kind == old.value.kind else {
      fail(
        .stateType, "the state `\(path.text)` is \(old.value.typeText), this is \(new.typeText)",
        at: path.range,
        notes: [Diagnostic.Label(old.range, "declared here")]
          + side(new, old.value.shape, path.range).labels,
        help: ["a state keeps its type and shape from step to step"])
      return
    }
    stateValues[name]?.value = next
    stateValues[name]?.isAssigned = true
  }

  /// The values several names take from one list; poison where their number differs.
  private mutating func takenApart(_ value: Value, _ count: Int, at range: SourceRange) -> [Value] {
    if count == 1 { return [value] }
    if value.isPoison { return Array(repeating: .poison, count: count) }
    guard case .list(let values) = value else {
      fail(
        .destructuring, "\(count) names take a list apart, found \(value.description)", at: range)
      return Array(repeating: .poison, count: count)
    }
    guard values.count == count else {
      fail(.destructuring, "\(count) names for \(values.count) values", at: range)
      return Array(repeating: .poison, count: count)
    }
    return values
  }

  private mutating func annotated(
    _ value: Value, _ type: TypeExpression, _ binding: NetcSyntax.Binding
  ) -> Value {
    if value.isPoison { return .poison }
    if type.dimensions == nil, let word = type.word,
      ["int", "bool", "string", "float"].contains(word)
    {
      if case .tensor = value {} else { return value }
    }
    guard let wanted = resolve(type), let tensor = tensorValue(value, at: binding.value.range)
    else {
      return .poison
    }
    if wanted.kind.element == tensor.kind.element, wanted.shape == tensor.shape {
      return .tensor(
        TensorValue(id: tensor.id, graph: tensor.graph, kind: wanted.kind, shape: tensor.shape))
    }
    return fail(
      .annotationMismatch,
      "`\(binding.names[0].text)` is declared \(wanted.text), this is \(tensor.typeText)",
      at: binding.value.stage, label: side(tensor, wanted.shape, binding.value.stage).label.text,
      notes: [Diagnostic.Label(type.range, "declared here")]
        + side(tensor, wanted.shape, binding.value.stage).labels)
  }

  /// A tensor as a side of a disagreement with a declared shape.
  func side(_ tensor: TensorValue, _ wanted: Shape, _ range: SourceRange) -> ShapeSide {
    let axes = tensor.shape.dims.indices.filter {
      wanted.rank == tensor.shape.rank && wanted[$0] != tensor.shape[$0]
    }
    return shapeSide(Operand(.tensor(tensor), range), axes: axes)
  }

  /// The value with its name in the graph; one that a `grad` differentiates in gets a node of its
  /// own.
  private mutating func named(_ value: Value, _ name: String) -> Value {
    guard case .tensor(let tensor) = value, tensor.graph == graph else { return value }
    if frame.differentiated.contains(name), tensor.kind == .float {
      let own = self.tensor(b.identity(tensor.id))
      b.graph.setName(graphName(name), of: own.id)
      return .tensor(own)
    }
    if b.graph.name(of: tensor.id) == nil, let whole = graphName(name) {
      b.graph.setName(whole, of: tensor.id)
    }
    return value
  }

  /// What a name of the body is called in the graph: below its layer's path; nil for those of
  /// functions and rules whose nodes stand in the program's graph.
  private func graphName(_ name: String) -> String? {
    if graph != programGraph { return graph == initial.number ? nil : name }
    return frame.body == .top || frame.body == .layer ? frame.path + name : nil
  }

  /// Whether a name may be declared: once in a body, but a setting's name may become a parameter,
  /// state or layer.
  mutating func checkFree(_ name: String, at range: SourceRange, _ role: Binding.Role) -> Bool {
    guard let other = frame.binding(name) else { return true }
    if other.role == .setting {
      switch role {
      case .parameter, .state: return true
      default: break
      }
    }
    let help: String
    if other.role == .var, role == .let || role == .var {
      help = "drop `\(role.word)` to rebind it: `\(name) = …`"
    } else {
      help = "choose another name"
    }
    fail(
      .hiding, "`\(role.word) \(name)` hides the \(other.role.word) `\(name)`", at: range,
      notes: [Diagnostic.Label(other.range, "declared here")], help: [help])
    return false
  }

  /// `layer NAME = chain` in a layer's body or a block.
  mutating func declareInstance(_ name: Name, _ chain: Chain) {
    if frame.body == .top, frame.blockCount == 0 { return }
    if let other = frame.callables[name.text], frame.binding(name.text)?.role != .setting {
      fail(
        .hiding, "`layer \(name.text)` is declared twice", at: name.range,
        notes: [Diagnostic.Label(instanceRange(other) ?? name.range, "declared here")])
      return
    }
    let path = turned(frame.path + name.text, frame.turns)
    if let known = madeInstances[path] {
      frame.declare(name.text, callable: known)
      return
    }
    let made = makeInstance(name, chain, path: path)
    madeInstances[path] = made
    frame.declare(name.text, callable: made)
  }

  private func instanceRange(_ callable: Callable) -> SourceRange? {
    if case .instance(let place) = callable.target { instances[place].range } else { nil }
  }
}
