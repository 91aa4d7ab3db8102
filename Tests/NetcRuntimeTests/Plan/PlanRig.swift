import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// Runs graphs through plans and the reference interpreter on the same numbers.
struct PlanRig {
  let graph: Graph
  let context: EvaluationContext
  var precision = Precision.double
  var threads = 1
  var isa: Int?
  var separateBuffers = false
  var dividesAll = false
  var keepsWeights = false

  init(_ graph: Graph, _ context: EvaluationContext) {
    self.graph = graph
    self.context = context
  }

  /// An executor with the context's parameters and states.
  func executor() throws -> Executor {
    let layout = try PersistentLayout(
      of: [graph], bindings: context.bindings, precision: precision)
    let executor = Executor(layout: layout, threads: threads, isa: isa)
    executor.step = context.step
    executor.seed = context.seed
    for entry in layout.entries {
      let tensor = context.parameters[entry.name] ?? context.states[entry.name]
      try executor.load(entry.name, try #require(tensor))
    }
    return executor
  }

  func plan(_ purpose: PlanOptions.Purpose, _ layout: PersistentLayout) throws -> Plan {
    var options = PlanOptions(purpose, batched: Set(context.inputs.keys))
    options.separateBuffers = separateBuffers
    options.dividesAll = dividesAll
    options.keepsWeights = keepsWeights
    return try Plan(graph: graph, bindings: context.bindings, layout: layout, options: options)
  }

  /// The results but updates, by the compiled plan.
  func outputs() throws -> RunOutputs {
    let executor = try executor()
    return try executor.runOnce(try plan(.once, executor.layout), inputs: context.inputs)
  }

  /// All values of the graph by the reference interpreter.
  func reference() -> [Tensor] {
    switch precision {
    case .single:
      ReferenceInterpreter<Float>(context: context).evaluateAll(graph).map(\.tensor)
    case .double:
      ReferenceInterpreter<Double>(context: context).evaluateAll(graph).map(\.tensor)
    }
  }
}

/// Whether numbers agree to a share of their size; NaN agrees with NaN.
func agree(_ a: Tensor, _ b: Tensor, _ tolerance: Double) -> Bool {
  guard a.shape == b.shape, a.element == b.element else { return false }
  let largest = b.doubles.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  return zip(a.doubles, b.doubles).allSatisfy { x, y in
    x == y || (x.isNaN && y.isNaN) || abs(x - y) <= tolerance * max(1, largest)
  }
}
