import NetcCore

/// A `layer NAME = chain` that was made: its parameters belong to it, however often it is applied.
struct InstanceRecord: Sendable {
  /// The whole path, as `encoder.fc`.
  var path: String
  /// What is applied, one after the other.
  var links: [Callable]
  /// Where it is declared.
  var range: SourceRange
  /// How often it was applied so far.
  var applications = 0
}
