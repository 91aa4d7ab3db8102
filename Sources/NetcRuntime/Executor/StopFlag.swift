import Synchronization

/// A request to stop a run, set from any thread or a signal handler and read once a step.
package final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  package init() {}

  /// Whether a stop was asked for.
  package var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Asks for a stop before the next step.
  package func set() { flag.store(true, ordering: .relaxed) }

  /// Takes the request back.
  package func clear() { flag.store(false, ordering: .relaxed) }
}
