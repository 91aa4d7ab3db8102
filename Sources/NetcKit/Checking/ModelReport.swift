public import NetcCore
import NetcGraph
package import NetcRuntime
import NetcSemantics

/// What is known of a model before any data is read.
public struct ModelReport: Hashable, Sendable {
  /// The batch size given, or of the `train` statement; nil when it takes all rows or there is
  /// none.
  public let batch: Int?
  /// Trained and frozen numbers.
  public let trainedCount: Int
  public let frozenCount: Int
  /// Multiply-adds of the products of one evaluation, per example.
  public let multiplyAdds: Dim
  /// Bytes of temporaries alive at once in a training step, as a formula in the batch size.
  public let peakFormula: Dim
  /// Bytes of parameters and states.
  public let persistentBytes: Int
  /// Bytes of the training step's temporaries and tables, exactly, at `batch`.
  public let temporaryBytes: Int
  /// How each loss bends in the trained parameters.
  public let lossCurvatures: [LossCurvature]
  /// Instructions of the training step and of evaluation at `batch`.
  public let trainingInstructions: Int
  public let evaluationInstructions: Int

  /// The temporaries and tables of the step that fits into the memory asked for; nil when none was.
  public let fittedTemporaryBytes: Int?
  /// How many operations that step computes a second time.
  public let recomputedOperations: Int

  /// All bytes that a training step at `batch` lives in.
  public var totalBytes: Int { persistentBytes + temporaryBytes }
}

extension CompiledModel {
  /// Counts parameters, work and memory. `dimensions` binds symbols that no data is read for;
  /// `memory` is what a training step may take.
  /// - Throws: `NetcError.unsupported` when a symbol has no size or a tensor is too large.
  public func report(
    dimensions: [String: Int] = [:], memory: Int? = nil
  ) throws(NetcError) -> ModelReport {
    let pass = Beside {
      let plan = Result { () throws(NetcError) in
        try self.outline(isEvaluation: true, dimensions: dimensions)
      }
      return (plan: plan, curvatures: self.lossCurvatures)
    }
    let training = Result { () throws(NetcError) in
      try self.outline(isEvaluation: false, dimensions: dimensions)
    }
    let evaluation = pass.value()
    let fitted = try memory.map { bytes throws(NetcError) in
      try outline(isEvaluation: false, dimensions: dimensions, memory: bytes)
    }
    return try report(
      training: training.get(), evaluation: evaluation.plan.get(), fitted: fitted,
      lossCurvatures: evaluation.curvatures, batch: batchSymbol.flatMap { dimensions[$0] })
  }

  private func report(
    training: PlanOutline, evaluation: PlanOutline, fitted: PlanOutline?,
    lossCurvatures: [LossCurvature],
    batch given: Int?
  ) -> ModelReport {
    let memory = losses.isEmpty ? evaluation.memory : training.memory
    var batch = given
    if batch == nil, case .size(let size)? = model.train?.batch { batch = size }
    return ModelReport(
      batch: batch, trainedCount: trainedCount ?? 0, frozenCount: frozenCount,
      multiplyAdds: multiplyAddsPerExample, peakFormula: memory.peakFormula,
      persistentBytes: training.memory.persistent,
      temporaryBytes: memory.temporaries + memory.constants,
      lossCurvatures: lossCurvatures, trainingInstructions: training.instructionCount,
      evaluationInstructions: evaluation.instructionCount,
      fittedTemporaryBytes: fitted.map { $0.memory.temporaries + $0.memory.constants },
      recomputedOperations: fitted?.recomputedValues ?? 0)
  }

  /// The plan of a training step, or of evaluation, at the batch size of `train`.
  /// - Parameter memory: the bytes that a training step may take.
  package func plan(
    isEvaluation: Bool, dimensions: DimBindings, memory: Int? = nil
  ) throws(NetcError) -> Plan {
    try planned(
      isEvaluation, dimensions, memory, as: Plan.init(graph:bindings:batch:layout:options:))
  }

  /// What that plan takes.
  private func outline(
    isEvaluation: Bool, dimensions: DimBindings, memory: Int? = nil
  ) throws(NetcError) -> PlanOutline {
    try planned(
      isEvaluation, dimensions, memory,
      as: PlanOutline.init(graph:bindings:batch:layout:options:))
  }

  private func planned<Planned>(
    _ isEvaluation: Bool, _ dimensions: DimBindings, _ memory: Int?,
    as make: (Graph, DimBindings, Int, PersistentLayout, PlanOptions) throws(PlanError) -> Planned
  ) throws(NetcError) -> Planned {
    var bindings = dimensions
    if let open = openSymbols.first(where: { bindings[$0] == nil && $0 != batchSymbol }) {
      throw .unsupported("the dimension `\(open)` has no size: add `--dim \(open)=16`")
    }
    var examples = batchSymbol.flatMap { bindings[$0] } ?? model.train?.slices ?? 1
    if case .size(let size)? = model.train?.batch, batchSymbol.map({ bindings[$0] == nil }) ?? false
    {
      examples = size
    }
    if let symbol = batchSymbol { bindings[symbol] = examples }
    if !isEvaluation { try checkSlices(of: examples) }
    let tensors =
      model.parameters.map { (name: $0.name, type: $0.type) }
      + model.states.map { (name: $0.name, type: $0.type) }
    let batched = Set(model.inputs.filter(\.isBatched).map(\.name))
    do {
      let layout = try PersistentLayout(tensors, bindings: bindings, precision: options.precision)
      return try make(
        isEvaluation ? evaluation : training, bindings, examples, layout,
        PlanOptions(
          isEvaluation ? .evaluation : .training, batched: batched, totals: model.totalNames,
          memory: isEvaluation ? nil : memory))
    } catch {
      throw NetcError(error, self)
    }
  }

  /// The symbols of the inputs' dimensions, in order.
  package var openSymbols: [String] {
    var seen: Set<String> = []
    return model.inputs.flatMap { $0.type.shape.dims.flatMap(\.symbols) }
      .filter { seen.insert($0).inserted }
  }

  private var frozenCount: Int {
    model.parameters.filter(\.isFrozen).reduce(Dim(0)) { $0 + $1.type.shape.count }.constant ?? 0
  }

  /// Multiply-adds of the evaluation graph's products, divided by the batch size.
  private var multiplyAddsPerExample: Dim {
    let all = evaluation.multiplyAdds
    guard let symbol = batchSymbol else { return all }
    return all.dividedExactly(by: Dim(symbol: symbol)) ?? all
  }
}
