/// Places blocks of memory largest first, each at the lowest address that is free through its life:
/// it leaves fewer gaps than placing them as they begin, in quadratic time.
///
/// After Pisarchyk, Lee: Efficient memory management for deep neural net inference, 2020.
package struct LargestFirst {
  /// A block and the first and last position at which it is in use.
  package struct Block {
    package let bytes: Int
    package let first: Int
    package let last: Int

    /// A block of so many bytes.
    package init(bytes: Int, first: Int, last: Int) {
      (self.bytes, self.first, self.last) = (bytes, first, last)
    }
  }

  /// The first byte of each block.
  package private(set) var starts: [Int]
  /// The bytes used at most.
  package private(set) var top = 0

  /// More blocks than this would take too long.
  static let mostBlocks = 512

  /// - Complexity: O(b²) for b blocks.
  package init(_ blocks: [Block]) {
    starts = Array(repeating: 0, count: blocks.count)
    let bySize = blocks.indices.sorted {
      (blocks[$1].bytes, $0) < (blocks[$0].bytes, $1)
    }
    /// The blocks placed, by their starts.
    var placed: [Int] = []
    for index in bySize {
      let size = ArenaAllocator.rounded(blocks[index].bytes)
      var start = 0
      for other in placed
      where blocks[other].first <= blocks[index].last && blocks[index].first <= blocks[other].last {
        if starts[other] >= start + size { break }
        start = max(start, starts[other] + ArenaAllocator.rounded(blocks[other].bytes))
      }
      starts[index] = start
      top = max(top, start + size)
      let place = placed.firstIndex { starts[$0] > start } ?? placed.count
      placed.insert(index, at: place)
    }
  }
}
