import CNetc
package import NetcCore
import NetcGraph

extension Executor {
  /// Runs a plan made for `.once` on whole tensors.
  /// - Throws: when an input is missing or of another type.
  package func runOnce(
    _ plan: Plan, inputs: [String: Tensor]
  ) throws(ExecutorError) -> RunOutputs {
    try runOnce(LoadedPlan(plan), inputs: inputs)
  }

  /// Runs the graph once on whole tensors, planned for this batch size at first use.
  package func runOnce(
    _ plans: PlanCache, batch: Int, inputs: [String: Tensor]
  ) throws(ExecutorError) -> RunOutputs {
    let loaded: LoadedPlan
    do {
      loaded = try plans.loaded(batch: batch)
    } catch {
      throw ExecutorError(error.message)
    }
    return try runOnce(loaded, inputs: inputs)
  }

  private func runOnce(
    _ loaded: LoadedPlan, inputs: [String: Tensor]
  ) throws(ExecutorError) -> RunOutputs {
    try loadWhole(loaded.plan, inputs)
    run(loaded, times: 1)
    return results(of: loaded)
  }

  /// Runs a plan some times over on the inputs that lie in its memory.
  func run(_ loaded: LoadedPlan, times: Int) {
    _ = engine.run(
      loaded,
      Engine.Run(
        persistent: persistent.base, version: version, accumulators: nil, columns: nil,
        permutation: nil, steps: times, step: step, randomStep: step, seed: seed))
  }

  /// What the last run of a plan computed.
  func results(of loaded: LoadedPlan) -> RunOutputs {
    var result = RunOutputs()
    for output in loaded.plan.outputs {
      result.entries.append(
        RunOutputs.Entry(role: output.role, name: output.name, tensor: tensor(output, loaded)))
    }
    return result
  }

  private func tensor(_ output: PlanOutput, _ loaded: LoadedPlan) -> Tensor {
    switch output.place {
    case .number(let number): return filled(output, number)
    case .slot(let slot): return filled(output, engine.slot(slot))
    case .memory(let register, let offset):
      let base: UnsafeRawPointer =
        switch register {
        case 0: UnsafeRawPointer(persistent.base)
        case 1: UnsafeRawPointer(engine.memory(for: loaded.plan))
        default: UnsafeRawPointer(loaded.constants)
        }
      return TensorMemory.read(base + offset, output.element, output.shape, layout.precision)
    }
  }

  private func filled(_ output: PlanOutput, _ number: Double) -> Tensor {
    let count = elementCount(output.shape) ?? 0
    let storage: Tensor.Storage =
      switch (output.element, layout.precision) {
      case (.float, .single): .float(Array(repeating: Float(number), count: count))
      case (.float, .double): .double(Array(repeating: number, count: count))
      case (.int, _): .int(Array(repeating: Int32(clampedFrom: number), count: count))
      case (.bool, _): .bool(Array(repeating: number != 0, count: count))
      }
    guard let tensor = Tensor(shape: output.shape, storage) else {
      internalError("executor: \(count) numbers for the shape \(output.shape)")
    }
    return tensor
  }
}
