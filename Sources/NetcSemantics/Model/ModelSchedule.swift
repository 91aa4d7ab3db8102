package import NetcCore

/// A learning rate that changes until a step of its own.
package struct ModelSchedule: Hashable, Sendable {
  /// The step of its optimizer at which it ends.
  package let steps: Int
  /// Its optimizer acts at the last of so many steps.
  package let every: Int
  /// The argument that says so.
  package let range: SourceRange

  /// What is wrong when training has `total` steps, and what to change: it ends after training, or
  /// before half of it. Nil when neither.
  package func mistake(total: Int) -> (message: String, help: String)? {
    let own = total / max(1, every)
    guard own > 0 else { return nil }
    if steps > own {
      return (
        "this schedule ends at step \(steps), after training",
        "change \(steps) to \(own), so that the rate comes down to its end"
      )
    }
    if steps < own / 2 {
      return (
        "this schedule is over at step \(steps), before half of training",
        "change \(steps) to \(own), unless a constant rate is meant for the rest"
      )
    }
    return nil
  }
}
