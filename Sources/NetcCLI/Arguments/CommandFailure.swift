/// Why a subcommand stops, already in words for people.
enum CommandFailure: Error, Hashable, Sendable {
  /// The command line is wrong; exit code 2.
  case usage(UsageError)
  /// The program, its data or the world is wrong and the words say how; exit code 1.
  case failed(String, help: String? = nil)
  /// The program is wrong and its diagnostics are printed already; exit code 1.
  case diagnosed
}

/// Runs a closure that reads the command line, its mistake as a command's failure.
func reading<T>(_ body: () throws(UsageError) -> T) throws(CommandFailure) -> T {
  do { return try body() } catch { throw .usage(error) }
}
