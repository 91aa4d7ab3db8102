import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics

/// The plans that answer one prediction of the same outputs after another.
struct PredictionPlans {
  /// What computes the outputs.
  let graph: Graph
  /// The names of the inputs they reach.
  let inputs: [String]
  private var known: [DimBindings: PlanCache] = [:]
  private static let capacity = 4

  init(_ graph: Graph) {
    self.graph = graph
    inputs = graph.inputNames
  }

  /// The plans for sizes of all symbols but the batch's, made at first use.
  mutating func plans(_ sizes: DimBindings, make: () -> PlanCache) -> PlanCache {
    if let plans = known[sizes] { return plans }
    if known.count == PredictionPlans.capacity { known = [:] }
    let plans = make()
    known[sizes] = plans
    return plans
  }
}

extension ModelSession {
  /// The outputs of examples given as tensors, whose first dimension counts them.
  /// - Parameter outputs: the names wanted; empty for all. Only inputs they reach are needed.
  /// - Parameter classNames: the names of classes by input.
  /// - Throws: `NetcError.feed` when an input is missing, unknown or of another shape,
  ///   `.unsupported` for an output that is none.
  func predict(
    _ inputs: [String: Tensor], outputs: [String], classNames: [String: [String]] = [:]
  ) throws(NetcError) -> [Prediction] {
    var asked: PredictionPlans
    if let known = predictions[outputs] {
      asked = known
    } else {
      asked = PredictionPlans(try compiled.graph(ofOutputs: outputs))
    }
    try compiled.checkNames(of: inputs, needed: asked.inputs)
    let fed = inputs.filter { asked.inputs.contains($0.key) }
    var sizes = try compiled.bindings(of: fed, given: dimensions)
    let batch = compiled.batchSymbol.flatMap { sizes.removeValue(forKey: $0) } ?? 1
    let graph = asked.graph
    let plans = asked.plans(sizes) { self.plans(ofOne: graph, sizes) }
    predictions[outputs] = asked
    let results = try runOnce(plans, inputs: fed, batch: batch)
    return (results[.output] ?? []).map { result in
      let value = graph.results(.output).first { $0.name == result.name }?.value
      return Prediction(
        name: result.name, tensor: result.tensor,
        classNames: value.flatMap { graph.classNames(of: $0, among: classNames) })
    }
  }
}

extension CompiledModel {
  /// - Throws: `NetcError.feed` when the program has no input of a tensor's name or a needed one is
  ///   missing.
  func checkNames(of inputs: [String: Tensor], needed: [String]) throws(NetcError) {
    for name in inputs.keys.sorted() where !model.inputs.contains(where: { $0.name == name }) {
      let near = suggestion(for: name, among: model.inputs.map(\.name))
      throw .feed(
        "the program has no input `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
    }
    for name in needed where inputs[name] == nil { throw .feed("input `\(name)` is missing") }
  }
}

extension Graph {
  /// The names of the classes that `argmax` chooses among, when there is one list of names of that
  /// length.
  fileprivate func classNames(
    of value: ValueID, among names: [String: [String]]
  ) -> [String]? {
    let node = node(of: value)
    guard let operand = operands(of: node).first else { return nil }
    switch op(of: node) {
    case .identity, .reshape: return classNames(of: operand, among: names)
    case .argmax:
      let count = type(of: operand).shape[attributes(of: node).int("axis")].constant
      let fitting = Set(names.values).filter { $0.count == count }
      return fitting.count == 1 ? fitting.first : nil
    default: return nil
    }
  }
}
