/// Puts `order` into a random order that follows from the generator and the step alone.
///
/// Fisher-Yates from the end: position `i` changes with `(word(i) * (i + 1)) >> 32`, `word(i)`
/// being element `i` of the stream. Orders are uniform up to a bias below `count / 2^32` an
/// exchange. The order of an epoch is `shuffle(&rows, Philox(seed: seed, site: "shuffle"), step:
/// epoch)` on the training rows in ascending order.
/// - Complexity: O(count), four blocks of the generator for sixteen exchanges.
package func shuffle(_ order: inout [Int32], _ generator: Philox, step: UInt64) {
  order.withUnsafeMutableBufferPointer { shuffle($0, generator, step: step) }
}

/// The same on memory that is there already.
package func shuffle(
  _ rows: UnsafeMutableBufferPointer<Int32>, _ generator: Philox, step: UInt64
) {
  guard rows.count > 1, let base = rows.baseAddress else { return }
  withUnsafeTemporaryAllocation(of: SIMD4<UInt32>.self, capacity: 4) { vectors in
    let words = UnsafeMutableRawBufferPointer(vectors).bindMemory(to: UInt32.self)
    var i = rows.count - 1
    while i > 0 {
      generator.write(group: UInt64(i) / 16, step: step, to: vectors)
      let first = max(1, i & ~15)
      while i >= first {
        let j = Int((UInt64(words[(i & 3) << 2 | (i >> 2 & 3)]) &* UInt64(i + 1)) >> 32)
        let row = base[i]
        base[i] = base[j]
        base[j] = row
        i -= 1
      }
    }
  }
}

/// Divides rows `0 ..< rowCount` into training and validation rows, each ascending.
///
/// The validation rows are the first `round(share * rowCount)` of the rows in the order drawn at
/// site `split`; at least one when the share is positive and there are two rows, and at least one
/// row stays for training.
/// - Parameter share: the part for validation; outside [0, 1] it is clamped, NaN counts as 0.
package func splitRows(
  count rowCount: Int, validation share: Double, seed: UInt64
) -> (training: [Int32], validation: [Int32]) {
  let count = max(0, min(rowCount, Int(Int32.max)))
  var rows = [Int32](unsafeUninitializedCapacity: count) { buffer, filled in
    for i in 0..<count { buffer.initializeElement(at: i, to: Int32(i)) }
    filled = count
  }
  let clamped = share > 0 ? min(share, 1) : 0
  guard clamped > 0, count > 1 else { return (rows, []) }
  let wanted = Int((clamped * Double(count)).rounded())
  let taken = min(max(wanted, 1), count - 1)
  shuffle(&rows, Philox(seed: seed, site: "split"), step: 0)
  return (rows[taken...].sorted(), rows[..<taken].sorted())
}
