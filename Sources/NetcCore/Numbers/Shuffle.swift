/// Puts `order` into a random order that follows from the generator and the step alone.
///
/// Fisher-Yates from the end: position `i` changes with `(word(i) * (i + 1)) >> 32`, `word(i)`
/// being element `i` of the stream. Orders are uniform up to a bias below `count / 2^32` an
/// exchange. The order of an epoch is `shuffle(&rows, Philox(seed: seed, site: "shuffle"), step:
/// epoch)` on the training rows in ascending order.
/// - Complexity: O(count), one evaluation of the generator for four exchanges.
package func shuffle(_ order: inout [Int32], _ generator: Philox, step: UInt64) {
  order.withUnsafeMutableBufferPointer { rows in
    guard rows.count > 1 else { return }
    var block = UInt64.max
    var words = SIMD4<UInt32>()
    for i in stride(from: rows.count - 1, to: 0, by: -1) {
      let element = UInt64(i)
      if element / 4 != block {
        block = element / 4
        words = generator.words(block: block, step: step)
      }
      let j = Int((UInt64(words[i % 4]) &* (element + 1)) >> 32)
      rows.swapAt(i, j)
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
