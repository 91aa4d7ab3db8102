#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The names in a folder, sorted; hidden ones left out.
struct FolderListing {
  /// The folders in it.
  private(set) var folders: [String] = []
  /// Everything else in it.
  private(set) var files: [String] = []

  /// Lists a folder.
  /// - Throws: DataError when it cannot be opened.
  init(_ path: String) throws(DataError) {
    guard let handle = opendir(path) else {
      let missing = errno == ENOENT
      throw DataError(
        missing ? "no such folder" : "cannot open: \(lastErrorText())", path: path,
        help: errno == ENOTDIR ? "the path of a folder with images is wanted" : nil)
    }
    defer { closedir(handle) }
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
        start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      var status = stat()
      let isFolder = stat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      if isFolder { folders.append(name) } else { files.append(name) }
    }
    folders.sort()
    files.sort()
  }
}
