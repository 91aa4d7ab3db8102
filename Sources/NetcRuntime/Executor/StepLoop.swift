import CNetc

/// The interpreter of plans: every thread walks the same instructions and does its share of each.
///
/// Plain pointers only: a step allocates nothing and counts no references.
struct StepLoop {
  let code: UnsafePointer<netc_instr>
  let kernels: UnsafePointer<netc_fn>
  let context: UnsafeMutablePointer<netc_context>
  /// One for each thread.
  let threads: UnsafeMutablePointer<netc_thread>
  let threadCount: Int
  /// Where threads meet; nil for one thread.
  let barrier: SpinBarrier?
  let scalars: UnsafeBufferPointer<ScalarProgram.Step>
  let slots: UnsafeMutablePointer<Double>
  let stop: StopFlag?
  /// Steps asked for.
  let steps: Int
  /// Completed updates at the first step, for host scalars.
  let firstStep: Int64
  /// Whether each step is an update.
  let isTraining: Bool
  let progress: UnsafeMutablePointer<Progress>
  /// Where thread 0 adds the time of each instruction; nil for a run that is not measured.
  var times: UnsafeMutablePointer<InstructionTime>?

  /// What thread 0 tells the others and the caller.
  struct Progress {
    /// Steps done.
    var done = 0
    /// Whether the next step is to be run.
    var goesOn = false
    /// Whether a stop was asked for.
    var isStopped = false
  }

  /// Runs the steps on one thread of the team.
  func run(_ id: Int) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: Int(NETC_REGISTERS)) { turns in
      turns.initialize(repeating: 0)
      guard let turns = turns.baseAddress else { return }
      run(id, turns)
    }
  }

  private func run(_ id: Int, _ turns: UnsafeMutablePointer<Int>) {
    let denormals = netc_flush_denormals()
    let thread = threads + id
    if id == 0 {
      while prepare() {
        barrier?.wait(id)
        if let times { walk(thread, turns, times) } else { walk(thread, id, turns) }
        if context.pointee.status == 0 { complete() }
      }
      barrier?.wait(id)
    } else {
      barrier?.wait(id)
      while progress.pointee.goesOn {
        walk(thread, id, turns)
        barrier?.wait(id)
      }
    }
    netc_restore_denormals(denormals)
  }

  /// Decides whether there is another step and computes its host scalars.
  private func prepare() -> Bool {
    let done = progress.pointee.done
    let isStopped = stop?.isSet ?? false
    progress.pointee.isStopped = isStopped
    let goesOn = done < steps && !isStopped && context.pointee.status == 0
    progress.pointee.goesOn = goesOn
    if goesOn {
      let step = isTraining ? firstStep + Int64(done) : firstStep
      ScalarProgram.run(scalars, slots, step: step)
    }
    return goesOn
  }

  private func complete() {
    progress.pointee.done += 1
    context.pointee.step += 1
  }

  private func walk(
    _ thread: UnsafeMutablePointer<netc_thread>, _ id: Int, _ turns: UnsafeMutablePointer<Int>
  ) {
    var instruction = code
    let end = UInt16(NETC_END)
    while instruction.pointee.op != end {
      guard let next = perform(instruction, thread, id, turns) else { return }
      instruction = next
    }
  }

  /// Does a thread's share of one instruction; returns the next one, or nil when the step is over.
  @inline(__always)
  func perform(
    _ instruction: UnsafePointer<netc_instr>, _ thread: UnsafeMutablePointer<netc_thread>,
    _ id: Int, _ turns: UnsafeMutablePointer<Int>
  ) -> UnsafePointer<netc_instr>? {
    let flags = instruction.pointee.flags
    if flags & UInt8(NETC_SYNC_BEFORE) != 0 { barrier?.wait(id) }
    if instruction.pointee.op <= UInt16(NETC_ENDLOOP) {
      if flags & UInt8(NETC_SYNC) != 0 { barrier?.wait(id) }
      return control(instruction, thread, turns)
    }
    let parts = Int(instruction.pointee.parts)
    let kernel = kernels[Int(instruction.pointee.op)]
    if parts == 1 {
      if id == 0 { kernel(thread, instruction, 0) }
    } else {
      for part in parts * id / threadCount..<parts * (id + 1) / threadCount {
        kernel(thread, instruction, UInt32(truncatingIfNeeded: part))
      }
    }
    if flags & UInt8(NETC_SYNC | NETC_CONTROL) != 0 {
      barrier?.wait(id)
      if flags & UInt8(NETC_CONTROL) != 0, context.pointee.status != 0 { return nil }
    }
    return instruction + 1
  }
}
