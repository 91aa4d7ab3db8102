import NetcCore
import Testing

@Suite struct ShuffleTests {
  @Test(arguments: [0, 1, 2, 3, 4, 5, 17, 1000])
  func `a shuffle is a permutation that seed, site and step decide`(count: Int) {
    let sorted = (0..<count).map(Int32.init)
    var first = sorted, again = sorted, later = sorted
    shuffle(&first, Philox(seed: 3, site: "shuffle"), step: 4)
    shuffle(&again, Philox(seed: 3, site: "shuffle"), step: 4)
    shuffle(&later, Philox(seed: 3, site: "shuffle"), step: 5)
    #expect(first == again)
    #expect(first.sorted() == sorted)
    if count > 5 { #expect(first != later) }
  }

  @Test func `each order of three rows is about equally likely`() {
    var counts: [[Int32]: Int] = [:]
    for step in 0..<6000 {
      var rows: [Int32] = [0, 1, 2]
      shuffle(&rows, Philox(seed: 1, site: "shuffle"), step: UInt64(step))
      counts[rows, default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test(arguments: [
    (10, 0.2, 2), (10, 0.0, 0), (10, 1.0, 9), (10, 0.01, 1), (1, 0.5, 0), (0, 0.5, 0),
    (1797, 0.2, 359), (10, -1.0, 0), (10, Double.nan, 0), (10, Double.infinity, 9),
  ])
  func `a split takes its share and keeps every row once`(rows: Int, share: Double, taken: Int) {
    let (training, validation) = splitRows(count: rows, validation: share, seed: 7)
    #expect(validation.count == taken)
    #expect((training + validation).sorted() == (0..<rows).map(Int32.init))
    #expect(training == training.sorted())
    #expect(validation == validation.sorted())
  }
}
