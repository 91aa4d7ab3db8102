package import NetcCore
package import NetcGraph
import NetcRuntime
import NetcSemantics

/// A model with its numbers: one persistent segment and the plans that run over it.
///
/// Not shared between threads; the work of a step is divided inside.
package final class ModelSession {
  package let compiled: CompiledModel
  let executor: Executor
  let training: PlanCache
  let evaluation: PlanCache
  let dimensions: DimBindings
  /// What predictions are answered from, by the outputs asked for.
  var predictions: [[String]: PredictionPlans] = [:]
  private let isa: Int?

  /// A session with room for all parameters and states, all zero.
  package init(
    _ compiled: CompiledModel, options: RunOptions, dimensions: DimBindings = [:]
  ) throws(NetcError) {
    self.compiled = compiled
    self.dimensions = options.dimensions.merging(dimensions) { _, found in found }
    isa = options.instructionSet?.number
    let model = compiled.model
    let tensors =
      model.parameters.map { (name: $0.name, type: $0.type) }
      + model.states.map { (name: $0.name, type: $0.type) }
    let batched = Set(model.inputs.filter(\.isBatched).map(\.name))
    let layout: PersistentLayout
    do {
      layout = try PersistentLayout(
        tensors, bindings: self.dimensions, precision: compiled.options.precision)
    } catch {
      throw NetcError(error, compiled)
    }
    let count = min(
      options.threads ?? processorCount, RunOptions.mostThreads)
    executor = Executor(layout: layout, threads: count, isa: isa)
    training = PlanCache(
      graph: compiled.training, layout: layout,
      options: PlanOptions(.training, batched: batched, memory: options.memory),
      symbol: compiled.batchSymbol, bindings: self.dimensions)
    evaluation = PlanCache(
      graph: compiled.evaluation, layout: layout,
      options: PlanOptions(.evaluation, batched: batched, totals: model.totalNames),
      symbol: compiled.batchSymbol, bindings: self.dimensions)
  }

  /// Sets every parameter and state but `others` to its first value, which follows from the seed
  /// alone.
  package func initialize(seed: UInt64, but others: Set<String> = []) throws(NetcError) {
    executor.seed = seed
    executor.step = 0
    let first = compiled.initialTensors(seed: seed, dimensions: dimensions, but: others)
    for (name, tensor) in first { try load(name, tensor) }
  }

  /// Sets a parameter or state.
  package func load(_ name: String, _ tensor: Tensor) throws(NetcError) {
    do { try executor.load(name, tensor) } catch { throw .feed(error.message) }
  }

  /// Completed updates, which schedules and random draws follow.
  package var step: Int {
    get { executor.step }
    set { executor.step = newValue }
  }

  /// The numbers of a parameter or state.
  package func read(_ name: String) -> Tensor? { executor.read(name) }

  /// Plans of a graph that is run again and again on whole tensors.
  /// - Parameter sizes: of symbols beside the session's own.
  func plans(ofOne graph: Graph, _ sizes: DimBindings = [:]) -> PlanCache {
    var options = PlanOptions(.once)
    options.keepsWeights = true
    return plans(graph, options, sizes)
  }

  private func plans(
    _ graph: Graph, _ options: PlanOptions, _ sizes: DimBindings = [:]
  ) -> PlanCache {
    PlanCache(
      graph: graph, layout: executor.layout, options: options, symbol: compiled.batchSymbol,
      bindings: dimensions.merging(sizes) { _, found in found })
  }

  /// Runs a graph once on whole tensors.
  package func runOnce(
    _ graph: Graph, inputs: [String: Tensor], batch: Int
  ) throws(NetcError) -> [GraphResult.Role: [(name: String, tensor: Tensor)]] {
    try runOnce(plans(graph, PlanOptions(.once)), inputs: inputs, batch: batch)
  }

  /// Runs a graph on whole tensors, planned for this batch size at first use.
  func runOnce(
    _ plans: PlanCache, inputs: [String: Tensor], batch: Int
  ) throws(NetcError) -> [GraphResult.Role: [(name: String, tensor: Tensor)]] {
    do {
      _ = try plans.plan(batch: batch)
      var results: [GraphResult.Role: [(name: String, tensor: Tensor)]] = [:]
      for entry in try executor.runOnce(plans, batch: batch, inputs: inputs).entries {
        results[entry.role, default: []].append((name: entry.name, tensor: entry.tensor))
      }
      return results
    } catch let error as PlanError {
      throw NetcError(error, compiled)
    } catch let error as ExecutorError {
      throw .feed(error.message)
    } catch {
      internalError("session: \(error)")
    }
  }
}

extension CompiledModel {
  /// The first value of every parameter and state but `others`, computed in double.
  package func initialTensors(
    seed: UInt64, dimensions: DimBindings = [:], but others: Set<String> = []
  ) -> [(name: String, tensor: Tensor)] {
    let context = EvaluationContext(bindings: dimensions, seed: seed)
    let initial = self.initial(but: others)
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(initial)
    return initial.results(.initial).map { (name: $0.name, tensor: values[$0.value.index].tensor) }
  }
}

extension Model {
  /// The evaluation results that are summed over a pass.
  var totalNames: Set<String> {
    var names: Set<String> = []
    for metric in metrics {
      if case .total(let accumulated, _) = metric.combination { names.formUnion(accumulated) }
    }
    return names
  }
}

extension NetcError {
  /// A plan's refusal, with the place in the program.
  init(_ error: PlanError, _ compiled: CompiledModel) {
    let message =
      error.range.map { "\(compiled.location($0)): \(error.message)" } ?? error.message
    self = error.help.map { .tooLarge(message: message, help: $0) } ?? .unsupported(message)
  }
}
