/// Gives equal values one small number.
///
/// An open hash table of numbers beside the elements and their hashes: an element is hashed and
/// stored once, also when the table grows.
struct Interner<Element: Hashable & Sendable>: Sendable {
  private var numbering = Numbering<Element>()
  private var hashes: [Int] = []
  /// A number plus 1 at each place that is taken, else 0; a power of two, at most half of it taken.
  private var table: [UInt32] = []

  /// The number of `element`, a new one when it was not seen before.
  mutating func intern(_ element: Element) -> UInt32 {
    if let number = numbering.recentNumber(of: element) { return number }
    if 2 * hashes.count >= table.count { grow() }
    let hash = element.hashValue
    let mask = table.count - 1
    var place = hash & mask
    while table[place] != 0 {
      let number = table[place] - 1
      if hashes[Int(number)] == hash, numbering[number] == element {
        numbering.remember(number)
        return number
      }
      place = (place + 1) & mask
    }
    let number = numbering.append(element)
    hashes.append(hash)
    table[place] = number + 1
    return number
  }

  /// Doubles the table.
  private mutating func grow() {
    table = [UInt32](repeating: 0, count: max(16, 2 * table.count))
    let mask = table.count - 1
    for (number, hash) in hashes.enumerated() {
      var place = hash & mask
      while table[place] != 0 { place = (place + 1) & mask }
      table[place] = UInt32(truncatingIfNeeded: number) + 1
    }
  }

  subscript(number: UInt32) -> Element { numbering[number] }
}
