import NetcCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A block of zeroed memory from the system, given back with its owner.
final class ArenaMemory {
  /// The first byte, at the start of a page.
  let base: UnsafeMutableRawPointer
  let bytes: Int
  private let whole: UnsafeMutableRawPointer
  private let wholeBytes: Int

  private static let page = 4096
  private static let hugePage = 2 << 20

  /// - Parameter bytes: at least one page is taken; large blocks ask for huge pages.
  convenience init(bytes: Int) {
    self.init(bytes: bytes, alignment: ArenaMemory.page)
    if self.bytes >= ArenaMemory.hugePage { adviseHugePages(0..<self.bytes) }
  }

  /// Equal blocks side by side, each for a thread: the beginning of each, which most kernels make
  /// do with, is in a huge page; of the rest only what is touched becomes resident.
  /// - Parameter size: a multiple of a huge page's.
  convenience init(blocks: Int, size: Int) {
    self.init(bytes: blocks * size, alignment: ArenaMemory.hugePage)
    for block in 0..<blocks {
      adviseHugePages(block * size..<block * size + ArenaMemory.hugePage)
    }
  }

  private init(bytes: Int, alignment: Int) {
    let page = ArenaMemory.page
    self.bytes = (max(bytes, page) + page - 1) & ~(page - 1)
    wholeBytes = self.bytes + alignment - page
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let block = mmap(nil, wholeBytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      block != MAP_FAILED
    else { internalError("executor: \(self.bytes) bytes of memory are not to be had") }
    whole = block
    let address = UInt(bitPattern: block)
    let aligned = (address + UInt(alignment) - 1) & ~UInt(alignment - 1)
    base = block + Int(aligned - address)
  }

  private func adviseHugePages(_ range: Range<Int>) {
    #if os(Linux)
      madvise(base + range.lowerBound, range.count, MADV_HUGEPAGE)
    #endif
  }

  deinit { munmap(whole, wholeBytes) }
}
