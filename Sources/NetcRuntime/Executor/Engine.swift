import CNetc
import NetcCore

/// The machinery of runs: kernels, threads with their scratch memory, temporaries, slots.
final class Engine {
  private let kernels: KernelTable
  private let threadCount: Int
  private var team: ThreadTeam?
  private let threads: UnsafeMutablePointer<netc_thread>
  private let scratch: ArenaMemory
  private let context: UnsafeMutablePointer<netc_context>
  private var temporaries = ArenaMemory(bytes: 0)
  private var slots: UnsafeMutableBufferPointer<Double> = .allocate(capacity: 0)
  /// The plan whose constants the slots hold.
  private var slotsOwner: LoadedPlan?
  /// The time of each instruction of the plan that is run; empty when runs are not measured.
  var times: [InstructionTime] = []

  /// What a run is given beside its plan.
  struct Run {
    let persistent: UnsafeMutableRawPointer
    /// What the persistent segment holds, as `Executor.version`.
    let version: Int
    let accumulators: UnsafeMutablePointer<Double>?
    let columns: UnsafePointer<netc_column>?
    let permutation: UnsafePointer<Int32>?
    var cursor = 0
    let steps: Int
    /// Completed updates.
    let step: Int
    /// The step of the random counter.
    let randomStep: Int
    let seed: UInt64
    var isTraining = false
    var stop: StopFlag?
  }

  /// How a run ended.
  struct Outcome {
    let done: Int
    let isStopped: Bool
    let isNonFinite: Bool
  }

  init(threads count: Int, isa: Int?, precision: Precision) {
    kernels = KernelTable(isa: isa, precision: precision)
    threadCount = count
    threads = .allocate(capacity: count)
    let bytes = Int(NETC_SCRATCH_BYTES)
    // Most kernels touch a small part of theirs.
    scratch = ArenaMemory(bytes: count * bytes, isDense: false)
    context = .allocate(capacity: 1)
    context.initialize(to: netc_context())
    for id in 0..<count {
      (threads + id).initialize(to: netc_thread())
      threads[id].scratch = (scratch.base + id * bytes).assumingMemoryBound(to: CChar.self)
      threads[id].context = context
      threads[id].id = UInt32(truncatingIfNeeded: id)
    }
  }

  deinit {
    team = nil
    threads.deallocate()
    context.deallocate()
    slots.deallocate()
  }

  /// The temporaries of a plan, for tensors that are given or read whole.
  func memory(for plan: Plan) -> UnsafeMutableRawPointer {
    if temporaries.bytes < plan.memory.temporaries {
      temporaries = ArenaMemory(bytes: plan.memory.temporaries)
    }
    return temporaries.base
  }

  /// A host scalar as the last step computed it.
  func slot(_ index: Int) -> Double { index < slots.count ? slots[index] : .nan }

  /// Runs a plan's steps.
  func run(_ loaded: LoadedPlan, _ run: Run) -> Outcome {
    point(to: loaded, persistent: run.persistent)
    loadSlots(loaded)
    context.pointee = netc_context(
      pool: loaded.pool, slots: slots.baseAddress, accumulators: run.accumulators,
      columns: run.columns, permutation: run.permutation, cursor: Int64(run.cursor),
      step: Int64(run.randomStep), seed: run.seed, status: 0, status_site: 0)
    prepare(loaded, run.version)
    let isShared = loaded.isParallel && threadCount > 1
    if isShared, team == nil { team = ThreadTeam(count: threadCount) }
    var progress = StepLoop.Progress()
    withUnsafeMutablePointer(to: &progress) { progress in
      var loop = StepLoop(
        code: isShared ? loaded.code : loaded.wholeCode, kernels: kernels.functions,
        context: context, threads: threads, threadCount: isShared ? threadCount : 1,
        barrier: isShared ? team?.barrier : nil, scalars: UnsafeBufferPointer(loaded.scalars),
        slots: slotsBase, stop: run.stop, steps: run.steps, firstStep: Int64(run.step),
        isTraining: run.isTraining, progress: progress)
      times.withUnsafeMutableBufferPointer { times in
        loop.times = times.count == loaded.plan.code.count ? times.baseAddress : nil
        withUnsafePointer(to: loop) { loop in
          if isShared, let team { team.run(loop) } else { loop.pointee.run(0) }
        }
      }
    }
    return Outcome(
      done: progress.done, isStopped: progress.isStopped,
      isNonFinite: context.pointee.status == Int32(NETC_NONFINITE))
  }

  private var slotsBase: UnsafeMutablePointer<Double> {
    guard let base = slots.baseAddress else { internalError("executor: no memory for slots") }
    return base
  }

  private func point(to loaded: LoadedPlan, persistent: UnsafeMutableRawPointer) {
    let base = memory(for: loaded.plan)
    for id in 0..<threadCount {
      guard let registers = netc_registers(threads + id) else { continue }
      registers[0] = persistent.assumingMemoryBound(to: CChar.self)
      registers[1] = base.assumingMemoryBound(to: CChar.self)
      registers[2] = loaded.constants.assumingMemoryBound(to: CChar.self)
      registers[3] = loaded.kept?.base.assumingMemoryBound(to: CChar.self)
    }
  }

  /// Makes anew what the plan keeps of parameters, when they have changed.
  private func prepare(_ loaded: LoadedPlan, _ version: Int) {
    if loaded.kept == nil || loaded.version == version { return }
    for place in 0..<loaded.plan.preparation.count {
      let instruction = loaded.preparation + place
      kernels.functions[Int(instruction.pointee.op)](threads, instruction, 0)
    }
    loaded.version = version
  }

  private func loadSlots(_ loaded: LoadedPlan) {
    if slotsOwner === loaded { return }
    let initial = loaded.plan.scalars.initial
    slots.deallocate()
    slots = .allocate(capacity: max(1, initial.count))
    slots.initialize(repeating: 0)
    for (k, number) in initial.enumerated() { slots[k] = number }
    slotsOwner = loaded
  }
}
