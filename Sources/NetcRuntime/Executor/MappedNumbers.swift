#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The numbers of a file, in the machine's byte order, read where they lie: the system brings them
/// in page by page and no copy is made.
package final class MappedNumbers: Sendable {
  /// How a number is stored.
  package enum Kind: Sendable {
    case float
    case int
  }

  let kind: Kind
  /// How many there are; bytes that make no whole number are left out.
  package let count: Int
  // SAFETY: the pages are mapped for reading alone and live as long as this object.
  nonisolated(unsafe) let base: UnsafeMutableRawPointer
  private let bytes: Int

  /// Maps a file; nil when it cannot be opened or is empty.
  package init?(path: String, _ kind: Kind) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= 4 else { return nil }
    let bytes = Int(status.st_size)
    guard let block = mmap(nil, bytes, PROT_READ, MAP_PRIVATE, descriptor, 0), block != MAP_FAILED
    else { return nil }
    self.kind = kind
    self.bytes = bytes
    count = bytes / 4
    base = block
  }

  /// The numbers as those they are; valid as long as this object.
  var floats: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: base.assumingMemoryBound(to: Float.self), count: count)
  }
  var ints: UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: base.assumingMemoryBound(to: Int32.self), count: count)
  }

  deinit { munmap(base, bytes) }
}
