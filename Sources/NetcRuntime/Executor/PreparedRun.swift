import CNetc
package import NetcCore

/// A plan made for `.once` with its inputs, run again and again without allocating: a server's
/// request.
package final class PreparedRun {
  private let executor: Executor
  private let loaded: LoadedPlan
  private var inputs: [Block] = []
  private var outputs: [Block] = []

  /// Bytes of the caller beside those of the arena.
  private struct Block {
    let memory: UnsafeMutableRawPointer
    let register: UInt8
    let offset: Int
    let bytes: Int
  }

  /// - Throws: when an input is missing or of another type.
  package init(
    _ executor: Executor, _ plans: PlanCache, batch: Int, inputs given: [String: Tensor]
  ) throws(ExecutorError) {
    self.executor = executor
    do { loaded = try plans.loaded(batch: batch) } catch { throw ExecutorError(error.message) }
    try executor.loadWhole(loaded.plan, given)
    let memory = executor.engine.memory(for: loaded.plan)
    for input in loaded.plan.inputs where input.column == nil {
      let block = block(input.element, input.shape, register: 1, offset: input.offset)
      block.memory.copyMemory(from: memory + block.offset, byteCount: block.bytes)
      inputs.append(block)
    }
    for output in loaded.plan.outputs {
      guard case .memory(let register, let offset) = output.place, register < 2 else { continue }
      outputs.append(block(output.element, output.shape, register: register, offset: offset))
    }
  }

  var engine: Engine { executor.engine }
  var plan: Plan { loaded.plan }

  deinit { for block in inputs + outputs { block.memory.deallocate() } }

  /// Copies the inputs in, runs the plan and copies the outputs out.
  package func run() {
    let memory = executor.engine.memory(for: loaded.plan)
    for block in inputs {
      (memory + block.offset).copyMemory(from: block.memory, byteCount: block.bytes)
    }
    _ = executor.engine.run(
      loaded,
      Engine.Run(
        persistent: executor.persistent.base, version: executor.version, accumulators: nil,
        columns: nil, permutation: nil, steps: 1, step: executor.step, randomStep: executor.step,
        seed: executor.seed))
    for block in outputs {
      let base = block.register == 0 ? executor.persistent.base : memory
      block.memory.copyMemory(from: base + block.offset, byteCount: block.bytes)
    }
  }

  private func block(
    _ element: ElementType, _ shape: [Int], register: UInt8, offset: Int
  ) -> Block {
    let bytes = shape.reduce(1, *) * element.bytes(in: executor.layout.precision)
    return Block(
      memory: .allocate(byteCount: max(64, bytes), alignment: 64), register: register,
      offset: offset, bytes: bytes)
  }
}
