import NetcCore
import NetcGraph
import NetcSyntax

/// What decides the body of a call: the function and what its parameters were given.
struct BodyKey: Hashable, Sendable {
  /// An argument as far as the body depends on it.
  enum Part: Hashable, Sendable {
    case absent
    case value(Value)
    case tensor(Kind, Shape)
  }

  var definition: Int
  var parts: [Part]
  var isTraining: Bool
}

/// A function's body lowered for certain arguments.
enum LoweredBody: Sendable {
  /// A graph kept whole, its derivative if the program gives one, and the kinds of its results.
  case composite(GraphBody, adjoint: GraphBody?, kinds: [Kind])
  /// Its nodes go where the call stands.
  case inline
  /// A mistake in it was reported.
  case wrong

  /// The nodes of a graph kept whole, its derivative included.
  var nodeCount: Int {
    guard case .composite(let body, let adjoint, _) = self else { return 0 }
    return body.graph.nodeCount + (adjoint?.graph.nodeCount ?? 0)
  }
}

extension Lowering {
  /// Applies a `fn` whose parameters `callee` holds.
  mutating func applyFunction(
    _ place: Int, _ callee: Frame, _ site: CallSite, instance: String?
  ) -> Value {
    let effects = self.effects(of: place)
    var inner = callee
    if effects.contains(.random) || effects.contains(.open) {
      if frame.body == .top || frame.body == .layer || frame.body == .function {
        inner.path = (instance ?? drawingName(site)) + "."
      }
    }
    let operands = tensorArguments(of: place, callee)
    guard effects.isPure, !operands.isEmpty else {
      return inFrame(inner) { $0.runBody(of: place, site) }.result
    }
    let key = BodyKey(
      definition: place, parts: keyParts(of: place, callee),
      isTraining: effects.contains(.training) && isTraining)
    let body: LoweredBody
    if let known = bodies[key] {
      body = known
    } else {
      let before = work.inner
      body = lowerBody(of: place, callee, site, key)
      bodies[key] = body
      bodySizes[key] = work.inner - before + body.nodeCount
      work.inner = before
    }
    if case .composite = body {
      work.inner += bodySizes[key] ?? 0
      guard checkWork(at: site.range) else { return .poison }
    }
    switch body {
    case .wrong: return .poison
    case .inline: return inFrame(inner) { $0.runBody(of: place, site) }.result
    case .composite(let graph, let adjoint, let kinds):
      var attributes: Attributes = [
        "name": .text(definitions[place].name), "body": .body(graph),
        "settings": .text(settingsText(of: place, callee)),
      ]
      if let adjoint { attributes["adjoint"] = .body(adjoint) }
      setOrigin(site.range)
      let results = b.emitAll(.composite, operands.map { use($0.tensor).id }, attributes)
      let values = zip(results, kinds).map { Value.tensor(tensor($0, $1)) }
      return values.count == 1 ? values[0] : .list(values)
    }
  }

  /// The path of a function that draws random numbers; while first values are computed there is
  /// none.
  private mutating func drawingName(_ site: CallSite) -> String {
    if graph == initial.number { return frame.path + site.name }
    return names.name(site.name, at: site.range, in: &frame)
  }

  /// The tensors among a call's arguments, in the order of the signature.
  private func tensorArguments(
    of place: Int, _ callee: Frame
  ) -> [(name: String, tensor: TensorValue)] {
    definitions[place].parameters.compactMap { parameter in
      guard case .tensor(let tensor)? = callee.binding(parameter.name)?.value else { return nil }
      return (parameter.name, tensor)
    }
  }

  private func keyParts(of place: Int, _ callee: Frame) -> [BodyKey.Part] {
    definitions[place].parameters.map { parameter in
      switch callee.binding(parameter.name)?.value {
      case nil: .absent
      case .tensor(let tensor): .tensor(tensor.kind, tensor.shape)
      case .some(let value): .value(value)
      }
    }
  }

  /// Lowers a function's body, and the body of its hand-written derivative, into graphs of their
  /// own.
  private mutating func lowerBody(
    of place: Int, _ callee: Frame, _ site: CallSite, _ key: BodyKey
  ) -> LoweredBody {
    let errors = report.errorCount
    var parameters: [TensorValue] = []
    let lowered = inGraph(GraphBuilder(), number: newGraphNumber()) { lowering in
      var inner = callee
      parameters = lowering.bindBodyArguments(of: place, &inner)
      return lowering.inFrame(inner) { $0.runBody(of: place, site) }.result
    }
    if lowered.result.isPoison || report.errorCount > errors { return .wrong }
    let values: [Value]
    if case .list(let several) = lowered.result {
      values = several
    } else {
      values = [lowered.result]
    }
    var tensors: [TensorValue] = []
    for value in values {
      guard case .tensor(let tensor) = value else { return .inline }
      tensors.append(tensor)
    }
    var built = lowered.builder.graph
    let hasGradient = definitions[place].gradient != nil
    if !hasGradient, built.nodeCount - parameters.count <= 1 { return .inline }
    built.results = tensors.enumerated().map { GraphResult(.result, String($0), $1.id) }
    let body = GraphBody(built)
    let kinds = tensors.map(\.kind)
    if !hasGradient { return .composite(body, adjoint: nil, kinds: kinds) }
    // The derivative may call the function itself; there it has its body alone.
    bodies[key] = .composite(body, adjoint: nil, kinds: kinds)
    let call = calls.popLast()
    let adjoint = lowerAdjoint(of: place, callee, results: tensors, site)
    if let call { calls.append(call) }
    return adjoint.map { .composite(body, adjoint: $0, kinds: kinds) } ?? .wrong
  }

  /// Replaces the tensors of a callee's parameters by arguments of the graph under construction.
  mutating func bindBodyArguments(of place: Int, _ inner: inout Frame) -> [TensorValue] {
    b.origin = .unknown
    var made: [TensorValue] = []
    for (name, tensor) in tensorArguments(of: place, inner) {
      let type = TensorType(tensor.kind.element, tensor.shape)
      let id = b.argument(made.count, type)
      b.graph.setName(name, of: id)
      argumentSources[graph, default: [:]][id] = ArgumentSource(value: tensor)
      made.append(self.tensor(id, tensor.kind))
      inner.rebind(name, .tensor(made[made.count - 1]))
    }
    return made
  }

  /// The settings a call gives, as the language writes them; for dumps.
  private func settingsText(of place: Int, _ callee: Frame) -> String {
    var parts: [String] = []
    for (index, parameter) in definitions[place].parameters.enumerated() {
      guard let binding = callee.binding(parameter.name), let text = binding.value.literal,
        let value = definitions[place].syntax.signature.parameters[index].defaultValue,
        sources.text(value.range) != text
      else { continue }
      parts.append("\(parameter.name): \(text)")
    }
    return parts.joined(separator: ", ")
  }
}

extension Value {
  /// The value as the language writes it; nil for tensors and callables.
  var literal: String? {
    switch self {
    case .number(let number): return number.text
    case .dim(let dim): return dim.description
    case .bool(let value): return String(value)
    case .string(let text): return "\"\(text)\""
    case .word(let word): return word
    case .range(let lower, let upper): return "\(lower)..<\(upper)"
    case .list(let values):
      let parts = values.compactMap(\.literal)
      return parts.count == values.count ? "[" + parts.joined(separator: ", ") + "]" : nil
    case .callable, .tensor, .poison: return nil
    }
  }
}
