#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a whole file at once: readers see the old content or the new, never a part.
///
/// The bytes go to a new file beside the old one, which is flushed to the disk and renamed. What is
/// no regular file, as `/dev/stdout`, is written directly. A failure leaves the old content as it
/// was.
/// - Throws: DataError with the system's reason.
package func writeAtomically(_ bytes: [UInt8], to path: String) throws(DataError) {
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
    if status.st_mode & S_IFMT == S_IFDIR {
      throw DataError("this is a folder, not a file", path: path)
    }
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    try writeAndClose(bytes, descriptor, path: path, flush: false)
    return
  }
  let target = resolvedLink(path)
  let (descriptor, temporary) = try createBeside(target, path: path)
  do throws(DataError) {
    try writeAndClose(bytes, descriptor, path: path, flush: true)
    guard rename(temporary, target) == 0 else {
      throw DataError("cannot replace: \(lastErrorText())", path: path)
    }
  } catch {
    _ = unlink(temporary)
    throw error
  }
  flushFolder(of: target)
}

/// The file a link points to, so that writing keeps the link; `path` itself when there is none.
private func resolvedLink(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// A new, empty file beside `target`, named after it and this process.
private func createBeside(
  _ target: String, path: String
) throws(DataError) -> (descriptor: Int32, name: String) {
  for attempt in 0..<100 {
    let name = "\(target).\(getpid()).\(attempt).partial"
    let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor >= 0 { return (descriptor, name) }
    if errno != EEXIST { break }
  }
  throw DataError("cannot write: \(lastErrorText())", path: path)
}

private func writeAndClose(
  _ bytes: [UInt8], _ descriptor: Int32, path: String, flush: Bool
) throws(DataError) {
  guard descriptor >= 0 else { throw DataError("cannot write: \(lastErrorText())", path: path) }
  let reason: String? = bytes.withUnsafeBytes { content in
    var written = 0
    while written < content.count {
      let rest = UnsafeRawBufferPointer(rebasing: content[written...])
      let count = write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno != EINTR { return lastErrorText() }
      written += max(0, count)
    }
    return flush && fsync(descriptor) != 0 ? lastErrorText() : nil
  }
  let closed = close(descriptor)
  if let reason { throw DataError("cannot write: \(reason)", path: path) }
  if closed != 0 { throw DataError("cannot write: \(lastErrorText())", path: path) }
}

/// Makes a rename last through a power failure; a file system that refuses is left alone.
private func flushFolder(of path: String) {
  let folder = path.lastIndex(of: "/").map { path[..<path.index(after: $0)] } ?? "."
  let descriptor = open(String(folder), O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  _ = fsync(descriptor)
  _ = close(descriptor)
}
