/// Gives equal values one small number.
struct Interner<Element: Hashable & Sendable>: Sendable {
  private(set) var elements: [Element] = []
  private var numbers: [Element: UInt32] = [:]
  private var last: UInt32 = 0

  /// The number of `element`, a new one when it was not seen before.
  mutating func intern(_ element: Element) -> UInt32 {
    // Equal elements often follow one another, and comparing costs less than hashing.
    if last < elements.count, elements[Int(last)] == element { return last }
    if let number = numbers[element] {
      last = number
      return number
    }
    let number = UInt32(truncatingIfNeeded: elements.count)
    last = number
    elements.append(element)
    numbers[element] = number
    return number
  }

  subscript(number: UInt32) -> Element { elements[Int(number)] }
}
