/// Hands out ranges of one growing arena, in multiples of 64 bytes, and takes them back.
///
/// A range comes from the free block that fits best among the first few of its size class, or
/// from the next class that has one; neighbouring free blocks join.
package struct ArenaAllocator {
  /// The bytes used at most so far.
  private(set) var top = 0
  /// Free blocks looked at, for tests of the cost.
  private(set) var visits = 0

  private struct Block {
    let start: Int
    let size: Int
  }

  private var sizes: [Int: Int] = [:]
  private var starts: [Int: Int] = [:]
  /// Blocks by the logarithm of their size; some have been taken or joined since.
  private var classes: [[Block]] = Array(repeating: [], count: 64)
  private static let searched = 16

  /// The size of a range of that many bytes.
  package static func rounded(_ bytes: Int) -> Int { max(64, (bytes + 63) & ~63) }

  /// The start of a range of `rounded(bytes)` bytes.
  mutating func allocate(_ bytes: Int) -> Int {
    let size = ArenaAllocator.rounded(bytes)
    if let block = find(size) {
      remove(block)
      if block.size > size { insert(Block(start: block.start + size, size: block.size - size)) }
      return block.start
    }
    if let start = starts[top], let left = sizes[start] {
      remove(Block(start: start, size: left))
      top = start + size
      return start
    }
    top += size
    return top - size
  }

  /// Takes a range back.
  mutating func free(_ start: Int, _ bytes: Int) {
    var block = Block(start: start, size: ArenaAllocator.rounded(bytes))
    if let before = starts[block.start], let size = sizes[before] {
      remove(Block(start: before, size: size))
      block = Block(start: before, size: size + block.size)
    }
    if let size = sizes[block.start + block.size] {
      remove(Block(start: block.start + block.size, size: size))
      block = Block(start: block.start, size: block.size + size)
    }
    insert(block)
  }

  private mutating func find(_ size: Int) -> Block? {
    for order in ArenaAllocator.order(size)..<classes.count where !classes[order].isEmpty {
      var best: Block?
      var place = classes[order].count - 1
      var looked = 0
      while place >= 0, looked < ArenaAllocator.searched {
        visits += 1
        let block = classes[order][place]
        if sizes[block.start] != block.size {
          classes[order].swapAt(place, classes[order].count - 1)
          classes[order].removeLast()
        } else {
          looked += 1
          if block.size >= size, block.size < best?.size ?? Int.max { best = block }
        }
        place -= 1
      }
      if let best { return best }
    }
    return nil
  }

  private mutating func insert(_ block: Block) {
    sizes[block.start] = block.size
    starts[block.start + block.size] = block.start
    classes[ArenaAllocator.order(block.size)].append(block)
  }

  private mutating func remove(_ block: Block) {
    sizes[block.start] = nil
    starts[block.start + block.size] = nil
  }

  private static func order(_ size: Int) -> Int { Int.bitWidth - 1 - size.leadingZeroBitCount }
}
