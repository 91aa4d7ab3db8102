#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a file in order, through `gzip -dc` when the file is compressed.
///
/// A class because it owns a descriptor, and a child process for compressed files, until it goes
/// away.
final class ByteStream {
  /// The file, as opened.
  let path: String
  private var descriptor: Int32
  private var child: GzipProcess?

  /// Opens a file; one that ends in `.gz` or begins with gzip's two magic bytes is decompressed.
  /// - Throws: DataError when it cannot be opened or is a folder.
  init(path: String) throws(DataError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let missing = errno == ENOENT
      throw DataError(
        missing ? "no such file" : "cannot open: \(lastErrorText())", path: path,
        help: missing && !path.hasPrefix("/") ? "paths start from the program's folder" : nil)
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw DataError("this is a folder, not a file", path: path)
    }
    guard path.hasSuffix(".gz") || ByteStream.hasMagic(descriptor) else { return }
    let child = try GzipProcess(input: descriptor, path: path)
    _ = close(descriptor)
    descriptor = -1
    self.child = child
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
  }

  /// Fills `buffer` from its start and returns how many bytes are there; 0 at the end.
  /// - Throws: DataError when reading fails, or when gzip does.
  func read(into buffer: inout [UInt8]) throws(DataError) -> Int {
    let source = child?.output ?? descriptor
    while true {
      let count = buffer.withUnsafeMutableBytes { fill(source, $0) }
      if count > 0 { return count }
      if count == 0 {
        try child?.finish()
        return 0
      }
      if errno != EINTR { throw DataError("cannot read: \(lastErrorText())", path: path) }
    }
  }

  /// Every byte that is left.
  func readAll() throws(DataError) -> [UInt8] {
    var bytes: [UInt8] = []
    var status = stat()
    // Room that grows by doubling would be twice the file's at the end.
    if child == nil, fstat(descriptor, &status) == 0 {
      bytes.reserveCapacity(min(Int(clamping: status.st_size), 1 << 32))
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try read(into: &chunk)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  private static func hasMagic(_ descriptor: Int32) -> Bool {
    var start: (UInt8, UInt8) = (0, 0)
    return pread(descriptor, &start, 2, 0) == 2 && start == (0x1F, 0x8B)
  }
}

/// One `read`; a function of its own since `ByteStream.read` hides the C name.
func fill(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

/// The words for `errno`.
func lastErrorText() -> String {
  String(cString: strerror(errno)).lowercased()
}
