package import NetcCore
package import NetcGraph

extension Executor {
  /// Repeats the step that stopped a run in the reference interpreter and names its first NaN or
  /// infinity.
  ///
  /// The step's rows are those the feed gives next; parameters and states are as the step found
  /// them.
  package func explainNonFinite(_ plans: PlanCache, feed: DataFeed) -> NonFiniteReport? {
    let rows = feed.nextRows
    var inputs = feed.whole
    for name in feed.names { inputs[name] = feed.tensor(name, rows: rows) }
    return explainNonFinite(
      plans.graph, bindings: plans.bindings(batch: rows.count), inputs: inputs)
  }

  /// Evaluates a graph in the reference interpreter and names the first NaN or infinity that
  /// reaches a loss.
  package func explainNonFinite(
    _ graph: Graph, bindings: DimBindings, inputs: [String: Tensor]
  ) -> NonFiniteReport? {
    var tensors: [String: Tensor] = [:]
    for entry in layout.entries { tensors[entry.name] = read(entry.name) }
    var inputs = inputs
    for node in graph.nodeIDs where graph.op(of: node) == .input {
      let type = graph.type(of: graph.result(of: node))
      let name = graph.attributes(of: node).text("name")
      if let tensor = inputs[name], let shape = type.shape.sizes(bindings) {
        inputs[name] = tensor.converted(to: type.element, shape: shape) ?? tensor
      }
    }
    let context = EvaluationContext(
      bindings: bindings, inputs: inputs, parameters: tensors, states: tensors, step: step,
      seed: seed)
    return switch layout.precision {
    case .single: NonFiniteSearch<Float>(graph, context).report
    case .double: NonFiniteSearch<Double>(graph, context).report
    }
  }
}

/// The search for the operation that a NaN or infinity of the loss comes from.
private struct NonFiniteSearch<S: ReferenceScalar> {
  private let graph: Graph
  private let context: EvaluationContext
  private let values: [ReferenceTensor<S>]

  init(_ graph: Graph, _ context: EvaluationContext) {
    self.graph = graph
    self.context = context
    values = ReferenceInterpreter<S>(context: context).evaluateAll(graph)
  }

  /// Goes from the first loss that is not finite to operands that are not, as far as there are any.
  var report: NonFiniteReport? {
    let roots = graph.results(.loss).map(\.value) + graph.results(.update).map(\.value)
    guard var value = roots.first(where: { found($0) != nil }) else { return nil }
    while true {
      let node = graph.node(of: value)
      let culprits = graph.operands(of: node).filter {
        found($0) != nil && graph.op(of: $0) != .constant
      }
      guard let next = culprits.first(where: { found($0) == "nan" }) ?? culprits.first else {
        break
      }
      value = next
    }
    let node = graph.node(of: value)
    return NonFiniteReport(
      step: context.step, operation: graph.op(of: node).operation.name,
      name: graph.name(of: value), found: found(value) ?? "nan", origin: graph.origin(of: node))
  }

  private func found(_ value: ValueID) -> String? {
    guard case .float(let numbers) = values[value.index].storage else { return nil }
    guard let number = numbers.first(where: \.isNaN) ?? numbers.first(where: { !$0.isFinite })
    else {
      return nil
    }
    return number.isNaN ? "nan" : number > 0 ? "inf" : "-inf"
  }
}
