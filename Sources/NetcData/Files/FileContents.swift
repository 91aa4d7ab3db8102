#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a file as they are, compressed or not; nil when it cannot be read or is a folder.
package func contents(ofFile path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { _ = close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return nil }
  var bytes: [UInt8] = []
  // What is no regular file, as `/dev/stdin`, has no size to go by.
  var room = max(1 << 16, min(Int(clamping: status.st_size), 1 << 32) + 1)
  while true {
    let read = append(to: &bytes, from: descriptor, atMost: room)
    if read < 0 { return nil }
    if read == 0 { return bytes }
    room = max(1 << 16, room - read)
  }
}

/// Appends the bytes of one `read`: their number, 0 at the end, negative when reading fails.
private func append(to bytes: inout [UInt8], from descriptor: Int32, atMost room: Int) -> Int {
  var result = 0
  let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
    repeat {
      result = fill(descriptor, UnsafeMutableRawBufferPointer(buffer))
    } while result < 0 && errno == EINTR
    count = max(0, result)
  }
  if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
  return result
}
