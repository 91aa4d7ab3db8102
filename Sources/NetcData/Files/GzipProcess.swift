#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A child process `gzip -dc` that reads an open file and whose output is read from a pipe.
final class GzipProcess {
  /// The end of the pipe to read from.
  let output: Int32
  private let path: String
  private let messages: Int32
  private var process: pid_t

  /// Starts the child on an open file; `path` is for messages.
  /// - Throws: DataError when there is no gzip or no pipe.
  init(input: Int32, path: String) throws(DataError) {
    self.path = path
    var pipes: [Int32] = [-1, -1, -1, -1]
    let made = pipes.withUnsafeMutableBufferPointer { ends in
      ends.baseAddress.map { pipe($0) == 0 && pipe($0 + 2) == 0 } ?? false
    }
    process = -1
    let started = made ? GzipProcess.start(input, pipes, &process) : errno
    for end in [pipes[1], pipes[3]] where end >= 0 { _ = close(end) }
    output = pipes[0]
    messages = pipes[2]
    guard started == 0 else {
      process = -1
      throw DataError(
        "cannot start gzip: \(String(cString: strerror(started)).lowercased())", path: path,
        help: "install gzip, or decompress the file")
    }
  }

  deinit {
    for end in [output, messages] where end >= 0 { _ = close(end) }
    if process > 0 {
      _ = kill(process, SIGTERM)
      _ = GzipProcess.wait(process)
    }
  }

  /// Waits for the child after its output has ended.
  /// - Throws: DataError with gzip's own words when it failed.
  func finish() throws(DataError) {
    guard process > 0 else { return }
    var text = [UInt8](repeating: 0, count: 4096)
    var length = 0
    while length < text.count {
      let count = text.withUnsafeMutableBytes {
        fill(messages, UnsafeMutableRawBufferPointer(rebasing: $0[length...]))
      }
      if count <= 0 { break }
      length += count
    }
    let status = GzipProcess.wait(process)
    process = -1
    guard status != 0 else { return }
    let words = String(decoding: text[..<length], as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: "; ")
    throw DataError(
      words.isEmpty ? "gzip failed with status \(status)" : "gzip failed: \(words)", path: path)
  }

  /// Starts gzip with `input`, its output at `pipes[1]` and its messages at `pipes[3]`; returns an
  /// error number or 0.
  private static func start(_ input: Int32, _ pipes: [Int32], _ process: inout pid_t) -> Int32 {
    for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
    posix_spawn_file_actions_adddup2(&actions, pipes[3], 2)
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("gzip"), strdup("-dc"), nil]
    defer { for argument in arguments { free(argument) } }
    return posix_spawnp(&process, "gzip", &actions, nil, &arguments, environment)
  }

  /// The environment the child inherits.
  private static var environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    #if canImport(Darwin)
      _NSGetEnviron().pointee
    #else
      environ
    #endif
  }

  private static func wait(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F != 0 ? 128 + (status & 0x7F) : (status >> 8) & 0xFF
  }
}
