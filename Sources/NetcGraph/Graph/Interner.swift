/// Gives equal values one small number.
///
/// An open hash table of numbers beside the elements and their hashes: an element is hashed and
/// stored once, also when the table grows.
struct Interner<Element: Hashable & Sendable>: Sendable {
  private(set) var elements: [Element] = []
  private var hashes: [Int] = []
  /// A number plus 1 at each place that is taken, else 0; a power of two, at most half of it taken.
  private var table: [UInt32] = []
  private var last: UInt32 = 0

  /// The number of `element`, a new one when it was not seen before.
  mutating func intern(_ element: Element) -> UInt32 {
    // Equal elements often follow one another, and comparing costs less than hashing.
    if last < elements.count, elements[Int(last)] == element { return last }
    if 2 * elements.count >= table.count { grow() }
    let hash = element.hashValue
    let mask = table.count - 1
    var place = hash & mask
    while table[place] != 0 {
      let number = table[place] - 1
      if hashes[Int(number)] == hash, elements[Int(number)] == element {
        last = number
        return number
      }
      place = (place + 1) & mask
    }
    let number = UInt32(truncatingIfNeeded: elements.count)
    elements.append(element)
    hashes.append(hash)
    table[place] = number + 1
    last = number
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

  subscript(number: UInt32) -> Element { elements[Int(number)] }
}
