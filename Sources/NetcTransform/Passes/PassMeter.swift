import Synchronization

/// Counts the nodes that passes look at, for the tests that hold them to linear time.
package final class PassMeter: Sendable {
  private let counter = Atomic<Int>(0)

  /// The meter of the current task; nil outside tests.
  @TaskLocal package static var current: PassMeter?

  package init() {}

  /// How many nodes have been looked at.
  package var visits: Int { counter.load(ordering: .relaxed) }

  /// Adds visits to the current task's meter.
  static func add(_ visits: Int) { current?.counter.add(visits, ordering: .relaxed) }
}
