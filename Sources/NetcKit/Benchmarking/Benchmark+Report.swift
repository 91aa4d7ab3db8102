import NetcCore
import NetcGraph
import NetcRuntime

/// What a benchmark's steps amount to, beside their time.
public struct BenchmarkReport: Hashable, Sendable {
  /// Floating-point operations of the products of a step, two for each multiply-add.
  public let operations: Double
  /// Bytes of the operands of all instructions of a step.
  public let bytes: Double
  /// Bytes of parameters, states, temporaries and tables: all a step lives in.
  public let arenaBytes: Int
  /// Instructions of a step.
  public let instructions: Int
  /// Threads that share the work; 1 where no instruction is worth dividing.
  public let threads: Int
  /// Floating-point operations a second of one thread that multiplies and adds in registers.
  public let peak: Double
}

extension Benchmark {
  /// Counts the work of a training step and measures the processor's limit for a few hundredths of
  /// a second.
  public func report() throws(NetcError) -> BenchmarkReport {
    let plan: Plan
    do {
      plan = try session.training.plan(batch: batch)
    } catch {
      throw NetcError(error, model)
    }
    let bindings = session.training.bindings(batch: batch)
    let products = model.training.multiplyAdds.value(bindings) ?? 0
    return BenchmarkReport(
      operations: 2 * Double(products), bytes: plan.bytesMoved,
      arenaBytes: session.executor.layout.bytes + plan.memory.temporaries + plan.memory.constants,
      instructions: plan.code.count, threads: plan.isParallel ? session.executor.threads : 1,
      peak: peak)
  }

  /// The best of five stretches of about 5 ms.
  private var peak: Double {
    let set = options.run.instructionSet?.number ?? KernelProbe.bestSet
    let precision = model.options.precision
    let best = (0..<5).map { _ in
      let watch = Stopwatch()
      let done = KernelProbe.multiplyAdds(
        set: min(set, KernelProbe.bestSet), precision, rounds: 1_000_000)
      return Double(done) / watch.seconds
    }.max()
    return best ?? 0
  }
}
