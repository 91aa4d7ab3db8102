import NetcCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a command prints: standard output for results, standard error for the rest.
struct Terminal: Sendable {
  /// Whether people look at standard output, so that progress may be redrawn in place.
  let isInteractive: Bool
  /// Whether colour is written to standard output and standard error.
  let outputColor: Bool
  let errorColor: Bool

  /// Looks at the process: colour only on a terminal, never with `NO_COLOR` or `TERM=dumb`.
  init() {
    let plain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? false
    isInteractive = isatty(1) == 1 && !dumb
    outputColor = isInteractive && !plain
    errorColor = isatty(2) == 1 && !dumb && !plain
  }

  /// Prints a line to standard output.
  func print(_ line: String) { write(line + "\n", to: 1) }

  /// Prints text without a line end to standard output.
  func printRaw(_ text: String) { write(text, to: 1) }

  /// Prints a line to standard error.
  func printError(_ line: String) { write(line + "\n", to: 2) }

  /// Prints a mistake of a command line, a file or the data: `error: …`.
  func report(_ message: String, help: String? = nil) {
    let head = errorColor ? "\u{1B}[1;31merror\u{1B}[0m" : "error"
    printError("\(head): \(message)")
    if let help { printError("  help: \(help)") }
  }

  /// Prints diagnostics to standard error.
  func report(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
    let renderer = DiagnosticRenderer(sources: sources, color: errorColor)
    for diagnostic in diagnostics { write(renderer.render(diagnostic) + "\n", to: 2) }
  }

  /// Columns of the terminal; 80 when unknown.
  var width: Int {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
