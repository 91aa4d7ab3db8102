package import NetcRuntime

/// Stops a run from another thread or a signal handler; the run ends before its next step.
public final class StopSwitch: Sendable {
  package let flag = StopFlag()

  /// A switch that is off.
  public init() {}

  /// Asks the run to end.
  public func stop() { flag.set() }

  /// Whether the run was asked to end.
  public var isStopped: Bool { flag.isSet }
}
