import CNetc

/// A plan's words in memory that does not move, for the step loop.
final class LoadedPlan {
  let plan: Plan
  let code: UnsafeMutablePointer<netc_instr>
  /// The instructions for a single thread.
  let wholeCode: UnsafeMutablePointer<netc_instr>
  let pool: UnsafeMutablePointer<Int32>
  let constants: UnsafeMutableRawPointer
  let scalars: UnsafeMutableBufferPointer<ScalarProgram.Step>
  /// What the plan keeps of parameters, and the instructions that make it.
  let kept: ArenaMemory?
  let preparation: UnsafeMutablePointer<netc_instr>
  /// The executor's numbers that are kept; 0 before the first run.
  var version = 0
  /// Whether any instruction divides its work.
  let isParallel: Bool

  init(_ plan: Plan) {
    self.plan = plan
    code = .allocate(capacity: max(1, plan.code.count))
    code.initialize(from: plan.code, count: plan.code.count)
    wholeCode = .allocate(capacity: max(1, plan.code.count))
    wholeCode.initialize(from: plan.code.map(\.undivided), count: plan.code.count)
    pool = .allocate(capacity: max(1, plan.pool.count))
    pool.initialize(from: plan.pool, count: plan.pool.count)
    let bytes = plan.constants.count * 8
    let table = UnsafeMutableRawPointer.allocate(byteCount: max(64, bytes), alignment: 64)
    plan.constants.withUnsafeBytes { source in
      if let base = source.baseAddress { table.copyMemory(from: base, byteCount: bytes) }
    }
    constants = table
    scalars = .allocate(capacity: plan.scalars.steps.count)
    _ = scalars.initialize(from: plan.scalars.steps)
    kept = plan.memory.kept > 0 ? ArenaMemory(bytes: plan.memory.kept) : nil
    preparation = .allocate(capacity: max(1, plan.preparation.count))
    preparation.initialize(from: plan.preparation, count: plan.preparation.count)
    isParallel = plan.isParallel
  }

  deinit {
    code.deallocate()
    wholeCode.deallocate()
    pool.deallocate()
    constants.deallocate()
    scalars.deallocate()
    preparation.deallocate()
  }
}
