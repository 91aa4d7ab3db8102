import NetcCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A block of zeroed memory from the system, given back with its owner; only pages that are touched
/// become resident.
final class ArenaMemory {
  /// The first byte, at the start of a page.
  let base: UnsafeMutableRawPointer
  let bytes: Int

  private static let page = 4096
  private static let hugePage = 2 << 20

  /// - Parameters:
  ///   - bytes: at least one page is taken.
  ///   - isDense: whether most of it is to be touched: large blocks ask for huge pages then.
  init(bytes: Int, isDense: Bool = true) {
    let page = ArenaMemory.page
    self.bytes = (max(bytes, page) + page - 1) & ~(page - 1)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let block = mmap(nil, self.bytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      block != MAP_FAILED
    else { internalError("executor: \(self.bytes) bytes of memory are not to be had") }
    base = block
    #if os(Linux)
      if isDense, self.bytes >= ArenaMemory.hugePage {
        madvise(base, self.bytes, MADV_HUGEPAGE)
      }
    #endif
  }

  deinit { munmap(base, bytes) }
}
