/// How a run of training steps ended.
package enum RunStatus: Hashable, Sendable {
  /// All steps asked for were done.
  case done
  /// The epoch's last batch is done, perhaps before the steps asked for; the next run starts a
  /// new epoch.
  case endOfEpoch
  /// The loss of this step (updates completed before it) was not finite; the step was not applied.
  case nonFinite(step: Int)
  /// A stop was asked for.
  case stopped
}
