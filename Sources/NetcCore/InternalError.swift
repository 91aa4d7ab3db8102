#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ends the process because netc itself is wrong: prints `message` to standard error and exits with
/// 70.
///
/// The message names the operation, node and pass. Never called for a mistake in the user's file or
/// data.
package func internalError(_ message: String) -> Never {
  let text = "netc: internal error: \(message)\nThis is a bug in netc, not in your file.\n"
  _ = text.withCString { write(2, $0, strlen($0)) }
  exit(70)
}
