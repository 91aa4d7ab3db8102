import NetcCore
import NetcRuntime
import Testing

/// The order in which windows of a sequence are drawn.
@Suite struct DrawnWindowTests {
  private func feed(_ order: DataFeed.Order, batch: Int = 3) throws -> DataFeed {
    let column = DataFeed.Column(
      name: "x", rowShape: [4], storage: .bytes(Array(0..<50), scale: 1), offset: 1, stride: 1)
    return try DataFeed(
      columns: [column], rows: stride(from: 0, to: 44, by: 4).map { Int32($0) }, batch: batch,
      order: order)
  }

  private func rows(_ feed: DataFeed) -> [Int32] {
    stride(from: 0, to: feed.epochCount, by: feed.batch).flatMap { position in
      feed.seek(epoch: feed.epoch, position: position)
      return feed.nextRows
    }
  }

  @Test func `an epoch is whole batches of windows within the part drawn from`() throws {
    let feed = try feed(.drawn(seed: 7, count: 30))
    #expect(feed.epochCount == 9)
    let first = rows(feed)
    #expect(first.count == 9 && first.allSatisfy { (0..<30).contains($0) })
    feed.seek(epoch: 1, position: 0)
    let second = rows(feed)
    #expect(first != second)
    feed.seek(epoch: 0, position: 0)
    #expect(rows(feed) == first)
    #expect(rows(try self.feed(.drawn(seed: 8, count: 30))) != first)
  }

  @Test func `every start is drawn about as often`() throws {
    let feed = try feed(.drawn(seed: 1, count: 10))
    var counts = [Int](repeating: 0, count: 10)
    for epoch in 0..<1000 {
      feed.seek(epoch: epoch, position: 0)
      for row in rows(feed) { counts[Int(row)] += 1 }
    }
    #expect(counts.reduce(0, +) == 9000)
    #expect(counts.allSatisfy { (780...1020).contains($0) }, "\(counts)")
  }

  @Test func `windows start at their place`() throws {
    let feed = try feed(.sequential)
    #expect(feed.nextRows == [0, 4, 8])
    #expect(feed.tensor("x", rows: [0, 5])?.doubles == [1, 2, 3, 4, 6, 7, 8, 9])
    #expect(throws: ExecutorError.self) { try self.feed(.drawn(seed: 1, count: 47)) }
    #expect(throws: ExecutorError.self) { try self.feed(.drawn(seed: 1, count: 0)) }
  }
}
