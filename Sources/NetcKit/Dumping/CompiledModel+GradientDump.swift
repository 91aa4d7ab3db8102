import NetcCore
import NetcData
import NetcEmit
package import NetcGraph
import NetcRuntime
import NetcSemantics
import NetcTransform

/// Which derived gradients are wanted, and how.
public struct GradientDump: Hashable, Sendable {
  /// The form.
  public var format = GraphFormat.text
  /// Patterns of the parameters; empty for all.
  public var patterns: [String] = []
  /// 1, or 2 for the derivative of the sum of all elements of the gradients.
  public var order = 1
  /// Whether the training passes are applied.
  public var isOptimized = false

  /// All gradients as text, as derived.
  public init() {}
}

extension CompiledModel {
  /// The evaluation graph with the gradients that metrics ask for written out, before optimisation.
  package var derivedEvaluation: Graph { PassPipeline.derivation.run(model.evaluation).graph }

  /// The derived gradients in the form asked for.
  /// - Throws: `NetcError.unsupported` when there is no loss or no parameter fits.
  public func gradientText(_ request: GradientDump = GradientDump()) throws(NetcError) -> String {
    if request.format == .net {
      guard !losses.isEmpty else {
        throw .unsupported("the program has no loss, so it has no gradient")
      }
      var emitter = NetEmitter(
        model, training: derived, evaluation: derivedEvaluation,
        initial: model.initial)
      return emitter.text()
    }
    var graph = try gradientGraph(wrt: request.patterns, order: request.order)
    if request.isOptimized {
      graph = graph.optimized(.derivative)
    } else {
      graph = PassPipeline.derivation.run(graph).graph
      if request.format == .text {
        graph = graph.inliningComposites { $0.text("name").hasPrefix("d_") }
      }
    }
    graph.results.removeAll { $0.role == .output }
    return text(Pass.eliminateDeadCode.apply(graph), request.format)
  }

  /// Runs the derived gradients once on the tensors of a safetensors file and writes `loss`
  /// (`loss.NAME` when there are several), each output under its name and each gradient as
  /// `d_NAME`.
  /// - Throws: `NetcError.checkpoint` for names the program lacks or shapes that do not fit,
  ///   `.feed` for a missing input, `.file` when the result cannot be written.
  public func runGradients(
    _ request: GradientDump, valuesAt path: String, writingTo out: String,
    options runOptions: RunOptions = RunOptions(), usingReference: Bool = false
  ) throws(NetcError) {
    let saved = try SavedModel(contentsOf: path)
    var inputs: [String: Tensor] = [:]
    for entry in saved.tensors {
      if let input = model.inputs.first(where: { $0.name == entry.name }) {
        inputs[entry.name] = entry.tensor.read(as: input.type.element)
      } else if !model.parameters.contains(where: { $0.name == entry.name }),
        !model.states.contains(where: { $0.name == entry.name })
      {
        let names = model.inputs.map(\.name) + model.parameters.map(\.name)
        let near = suggestion(for: entry.name, among: names).map { "; did you mean `\($0)`?" }
        throw .checkpoint(path: path, reason: "the program has no `\(entry.name)`" + (near ?? ""))
      }
    }
    let graph = try gradientGraph(wrt: request.patterns, order: request.order)
    for name in graph.inputNames where inputs[name] == nil {
      throw .feed("\(path) holds no input `\(name)`")
    }
    inputs = inputs.filter { graph.inputNames.contains($0.key) }
    let bindings = try bindings(of: inputs, given: runOptions.dimensions)
    let session = try ModelSession(self, options: runOptions, dimensions: bindings)
    try session.initialize(seed: runOptions.seed ?? model.train?.seed ?? 0)
    for entry in saved.tensors where inputs[entry.name] == nil && session.read(entry.name) != nil {
      let element = session.read(entry.name)?.element ?? .float
      do { try session.load(entry.name, entry.tensor.read(as: element)) } catch {
        throw .checkpoint(path: path, reason: error.description)
      }
    }
    if usingReference {
      let derived = PassPipeline.derivation.run(graph).graph
      try write(session.evaluateReference(derived, inputs, bindings), to: out)
    } else {
      let optimized = graph.optimized(.derivative)
      let batch = batchSymbol.flatMap { bindings[$0] } ?? 1
      try write(session.runOnce(optimized, inputs: inputs, batch: batch), to: out)
    }
  }

  private func write(
    _ results: [GraphResult.Role: [(name: String, tensor: Tensor)]], to path: String
  ) throws(NetcError) {
    var tensors: [SafetensorsTensor] = []
    for (name, tensor) in results[.loss] ?? [] {
      tensors.append(SafetensorsTensor(name: losses.count == 1 ? "loss" : "loss.\(name)", tensor))
    }
    for (name, tensor) in results[.output] ?? [] {
      tensors.append(SafetensorsTensor(name: name, tensor))
    }
    for (name, tensor) in results[.gradient] ?? [] {
      tensors.append(SafetensorsTensor(name: "d_\(name)", tensor))
    }
    do { try Safetensors(tensors: tensors).write(to: path) } catch {
      throw .file(path: path, reason: error.message)
    }
  }
}

extension Tensor {
  /// The numbers as another type of element where none changes: integers as reals, whole reals as
  /// integers.
  fileprivate func read(as element: ElementType) -> Tensor {
    switch (storage, element) {
    case (.int(let values), .float):
      return Tensor(shape: shape, .double(values.map(Double.init))) ?? self
    case (.float, .int), (.double, .int):
      let whole = doubles.compactMap { Int32(exactly: $0) }
      return Tensor(shape: shape, .int(whole)) ?? self
    default: return self
    }
  }
}

extension ModelSession {
  /// The graph's results computed node by node without any optimisation, in the model's precision.
  func evaluateReference(
    _ graph: Graph, _ inputs: [String: Tensor], _ bindings: DimBindings
  ) -> [GraphResult.Role: [(name: String, tensor: Tensor)]] {
    var context = EvaluationContext(
      bindings: bindings, inputs: inputs, step: executor.step, seed: executor.seed)
    for entry in entries {
      context.parameters[entry.name] = entry.tensor
      context.states[entry.name] = entry.tensor
    }
    let plain = graph.inliningComposites { _ in true }
    switch compiled.options.precision {
    case .single: return results(plain, ReferenceInterpreter<Float>(context: context))
    case .double: return results(plain, ReferenceInterpreter<Double>(context: context))
    }
  }

  private func results<S>(
    _ graph: Graph, _ interpreter: ReferenceInterpreter<S>
  ) -> [GraphResult.Role: [(name: String, tensor: Tensor)]] {
    let values = interpreter.evaluateAll(graph)
    var found: [GraphResult.Role: [(name: String, tensor: Tensor)]] = [:]
    for result in graph.results {
      var tensor = values[result.value.index].tensor
      if compiled.options.precision == .single, case .double(let numbers) = tensor.storage {
        tensor.storage = .float(numbers.map { Float($0) })
      }
      found[result.role, default: []].append((name: result.name, tensor: tensor))
    }
    return found
  }
}
