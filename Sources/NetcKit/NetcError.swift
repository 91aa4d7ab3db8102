public import NetcCore

/// Everything that NetcKit throws.
public enum NetcError: Error, Hashable, Sendable {
  /// The program is wrong; the diagnostics hold at least one error.
  case program([Diagnostic])
  /// A file could not be read or written: its path and the system's words.
  case file(path: String, reason: String)
  /// A data set is wrong: `path:line:column: …`, and what to change.
  case data(message: String, help: String?)
  /// A saved file does not fit the program.
  case checkpoint(path: String, reason: String)
  /// What the caller fed does not fit the program: a missing or unknown name, another shape or
  /// type.
  case feed(String)
  /// A training step does not fit into the memory it may take: the smallest size found, and what
  /// to change.
  case tooLarge(message: String, help: String)
  /// What was asked does not apply to the program, as training one without a loss.
  case unsupported(String)
}

extension NetcError: CustomStringConvertible {
  /// One line in words.
  public var description: String {
    switch self {
    case .program(let diagnostics):
      diagnostics.first { $0.severity == .error }?.message ?? "the program has errors"
    case .file(let path, let reason): "\(path): \(reason)"
    case .tooLarge(let message, let help): "\(message) (\(help))"
    case .data(let message, let help): help.map { "\(message) (\($0))" } ?? message
    case .checkpoint(let path, let reason): "\(path): \(reason)"
    case .feed(let message), .unsupported(let message): message
    }
  }
}
