import NetcCore
import NetcRuntime
import Testing

@Suite struct LargestFirstTests {
  private func blocks(_ count: Int, seed: UInt64) -> [LargestFirst.Block] {
    let draws = Philox(seed: seed, site: "blocks")
    return (0..<count).map { index in
      func draw(_ place: Int, below limit: Int) -> Int {
        Int(draws.word(element: UInt64(index), step: UInt64(place))) % limit
      }
      let first = draw(0, below: 40)
      return LargestFirst.Block(
        bytes: draw(1, below: 5000), first: first, last: first + draw(2, below: 12))
    }
  }

  @Test(arguments: 1...20) func `blocks in use at the same time lie apart`(seed: UInt64) {
    let blocks = blocks(60, seed: seed)
    let placed = LargestFirst(blocks)
    var least = 0
    for position in 0..<60 {
      let live = blocks.indices.filter {
        blocks[$0].first <= position && position <= blocks[$0].last
      }
      least = max(least, live.reduce(0) { $0 + ArenaAllocator.rounded(blocks[$1].bytes) })
      for (place, one) in live.enumerated() {
        for other in live[(place + 1)...] {
          let end = placed.starts[one] + blocks[one].bytes
          let otherEnd = placed.starts[other] + blocks[other].bytes
          #expect(
            end <= placed.starts[other] || otherEnd <= placed.starts[one]
              || blocks[one].bytes == 0 || blocks[other].bytes == 0)
        }
      }
    }
    #expect(placed.top >= least)
    #expect(placed.top <= least * 3 / 2, "gaps stay small")
    #expect(blocks.indices.allSatisfy { placed.starts[$0] % 64 == 0 })
  }

  @Test func `nothing needs no memory`() { #expect(LargestFirst([]).top == 0) }
}
