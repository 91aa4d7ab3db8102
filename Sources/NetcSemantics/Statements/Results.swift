import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// `loss e`, `loss name = e`.
  mutating func declareLoss(_ name: Name?, _ expression: Expression, at statement: Statement) {
    let text = name?.text ?? "loss"
    let range = name?.range ?? statement.keyword
    if let other = losses.first(where: { $0.name == text }) {
      fail(
        .resultTwice, "there are two losses named `\(text)`", at: range,
        notes: [Diagnostic.Label(other.range, "the first")],
        help: ["name them: `loss reconstruction = …`"])
      return
    }
    var value = evaluate(expression)
    if !value.isPoison { value = lossValue(value, text, expression.range) }
    losses.append(LossRecord(name: text, value: value, range: statement.range))
    if isTraining { model.losses.append(text) }
    guard case .tensor(let tensor) = value else { return }
    b.graph.results.append(GraphResult(.loss, text, tensor.id))
  }

  private mutating func lossValue(_ value: Value, _ name: String, _ range: SourceRange) -> Value {
    guard case .tensor(let tensor) = value else {
      return fail(
        .lossConstant, "the loss is \(value.description) and depends on nothing", at: range,
        help: ["a loss is computed from inputs and parameters"])
    }
    guard tensor.shape.rank == 0 else {
      return fail(
        .lossNotScalar, "a loss is a scalar, this is \(tensor.typeText)", at: range,
        help: ["take its mean: `mean(\(sources.text(range)))`"])
    }
    guard tensor.kind == .float else {
      return fail(.lossNotScalar, "a loss is a real number, this is \(tensor.typeText)", at: range)
    }
    // The loss has a node of its own, so that `grad(loss, …)` and its name mean this and nothing it
    // came from.
    var own = tensor
    if b.graph.name(of: tensor.id) != nil { own = self.tensor(b.identity(tensor.id)) }
    b.graph.setName(name, of: own.id)
    return .tensor(own)
  }

  /// `output e`, `output name = e`.
  mutating func declareOutput(_ name: Name?, _ expression: Expression, at statement: Statement) {
    guard let text = resultName(name, expression, word: "output") else { return }
    if b.graph.results(.output).contains(where: { $0.name == text.text }) {
      fail(
        .resultTwice, "there are two outputs named `\(text.text)`", at: text.range,
        help: ["name them: `output probabilities = …`"])
      return
    }
    guard let tensor = tensorValue(evaluate(expression), at: expression.range) else { return }
    if isTraining { model.outputs.append(text.text) }
    b.graph.results.append(GraphResult(.output, text.text, tensor.id))
  }

  /// The name of a metric or output: the one given, else the identifier or the function called.
  mutating func resultName(_ name: Name?, _ expression: Expression, word: String) -> Name? {
    if let name { return name }
    switch expression.kind {
    case .path(let path): return Name(path.text, path.range)
    case .call(let path, _): return Name(path.last.text, path.range)
    case .pipe(_, let target): return Name(target.path.last.text, target.path.range)
    default:
      fail(
        .resultUnnamed, "this \(word) needs a name", at: expression.range,
        help: ["write `\(word) name = …`"])
      return nil
    }
  }

  /// `update x = e`: the next value of a parameter or state, taken after the step.
  mutating func declareUpdate(_ path: Path, _ expression: Expression) {
    guard isTraining else { return }
    guard let target = updateTarget(path) else { return }
    guard let value = tensorValue(evaluate(expression), at: expression.range) else { return }
    var next = value
    if next.shape.rank == 0, target.type.shape.rank > 0 {
      next = broadcast(next, to: target.type.shape)
    }
    if next.kind == .int, target.type.kind == .float { next = convert(next, to: .float) }
    guard next.shape == target.type.shape, next.kind == target.type.kind else {
      fail(
        .updateType, "`\(path.text)` is \(target.type.typeText), its update \(value.typeText)",
        at: expression.stage, notes: side(value, target.type.shape, expression.stage).labels)
      return
    }
    if let other = updates.first(where: { $0.name == target.name }) {
      fail(
        .updateTwice, "`\(path.text)` has two updates", at: path.range,
        notes: [Diagnostic.Label(other.range, "the first")])
      return
    }
    updates.append(UpdateRecord(name: target.name, value: next, range: path.range))
  }

  private mutating func updateTarget(_ path: Path) -> (name: String, type: TensorValue)? {
    if let binding = frame.binding(path.text) {
      switch binding.role {
      case .state(let name):
        if let state = stateValues[name] { return (name, state.value) }
      case .parameter:
        if case .tensor(let tensor) = binding.value, let name = parameterName(of: tensor) {
          return (name, tensor)
        }
        if binding.value.isPoison { return nil }
      default: break
      }
    }
    if let tensor = parameters.value(path.text) { return (path.text, tensor) }
    if let state = stateValues[path.text] { return (path.text, state.value) }
    let meant = Meant(
      path.text, at: path.range,
      among: (parameters.madeNames + Array(stateValues.keys)).sorted())
    fail(
      .updateTarget, "`update` changes a param or state, and `\(path.text)` is none",
      at: path.range, help: meant.help, fixes: meant.fixes)
    return nil
  }
}
