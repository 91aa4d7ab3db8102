package import NetcCore
import NetcGraph
import Synchronization

/// Runs plans over one persistent segment: parameters, states, the step counter and the seed.
///
/// Training, evaluation and single runs are in `Executor+Training`, `Executor+Evaluation` and
/// `Executor+Once`.
package final class Executor {
  package let layout: PersistentLayout
  /// Threads that divide the work; results do not depend on it.
  package let threads: Int
  /// Completed updates.
  package var step = 0
  /// The seed of every random draw.
  package var seed: UInt64 = 0
  /// What training steps added up since the last `resetFigures`.
  package internal(set) var figures = Figures()
  /// Sums that the next training steps go on with, as if the steps they come from had just been
  /// done.
  package var continuedSums: Figures.Sums?
  /// The named host scalars of the last training step, as `learning_rate`.
  package internal(set) var watched: [String: Double] = [:]

  let persistent: ArenaMemory
  /// A number for what the persistent segment holds, which no other executor and no other numbers
  /// have: plans that keep something of parameters make it anew when it is another.
  private(set) var version = Executor.nextVersion()
  private static let versions = Atomic<Int>(0)
  let engine: Engine

  /// - Parameter threads: 1 to 256; others are clamped.
  /// - Parameter isa: the instruction set (0 portable, 1 AVX2, 2 AVX-512), at most the machine's;
  ///   nil for the best.
  package init(layout: PersistentLayout, threads: Int = 1, isa: Int? = nil) {
    self.layout = layout
    self.threads = max(1, min(threads, 256))
    persistent = ArenaMemory(bytes: layout.bytes)
    engine = Engine(threads: self.threads, isa: isa, precision: layout.precision)
  }

  /// Sets a parameter or state, real numbers rounded to the precision.
  package func load(_ name: String, _ tensor: Tensor) throws(ExecutorError) {
    guard let entry = layout[name] else { throw ExecutorError("no parameter or state `\(name)`") }
    guard entry.shape == tensor.shape, entry.element == tensor.element else {
      throw ExecutorError(
        "`\(name)` is \(typeText(entry.element, entry.shape)), "
          + "found \(typeText(tensor.element, tensor.shape))")
    }
    TensorMemory.write(tensor, to: persistent.base + entry.offset, layout.precision)
    changeVersion()
  }

  /// The numbers of a parameter or state: `.float` or `.double` by the precision.
  package func read(_ name: String) -> Tensor? {
    guard let entry = layout[name] else { return nil }
    return TensorMemory.read(
      persistent.base + entry.offset, entry.element, entry.shape, layout.precision)
  }

  /// Parameters, states and the step counter at one moment.
  package struct Snapshot: Sendable {
    let bytes: [UInt8]
    /// Completed updates.
    package let step: Int
  }

  /// A copy of the persistent segment.
  package func snapshot() -> Snapshot {
    let source = UnsafeRawBufferPointer(start: persistent.base, count: layout.bytes)
    return Snapshot(bytes: Array(source), step: step)
  }

  /// Puts a copy back, the step counter too.
  package func restore(_ snapshot: Snapshot) {
    guard snapshot.bytes.count == layout.bytes else {
      internalError("executor: a snapshot of another layout")
    }
    snapshot.bytes.withUnsafeBytes { source in
      if let base = source.baseAddress {
        persistent.base.copyMemory(from: base, byteCount: source.count)
      }
    }
    step = snapshot.step
    changeVersion()
  }

  /// Notes that the persistent segment holds other numbers.
  func changeVersion() { version = Executor.nextVersion() }

  private static func nextVersion() -> Int {
    versions.add(1, ordering: .relaxed).newValue
  }

  /// Sets the sums of training steps to zero.
  package func resetFigures() { figures = Figures() }
}
