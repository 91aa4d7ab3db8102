/// Numbers elements, equal ones alike when one follows closely on another: equal elements mostly
/// do, and comparing costs less than hashing.
struct Numbering<Element: Equatable & Sendable>: Sendable {
  private var elements: [Element] = []
  /// The last numbers given.
  private var recent = SIMD4<UInt32>(repeating: .max)
  private var oldest = 0

  /// The number of an equal element that was numbered lately.
  func recentNumber(of element: Element) -> UInt32? {
    for place in 0..<recent.scalarCount {
      let number = recent[place]
      if number < elements.count, elements[Int(number)] == element { return number }
    }
    return nil
  }

  /// The number of `element`, a new one when it was not numbered lately.
  mutating func number(_ element: Element) -> UInt32 {
    recentNumber(of: element) ?? append(element)
  }

  /// Gives `element` a new number.
  mutating func append(_ element: Element) -> UInt32 {
    let number = UInt32(truncatingIfNeeded: elements.count)
    elements.append(element)
    remember(number)
    return number
  }

  /// Makes a number one of the last given.
  mutating func remember(_ number: UInt32) {
    recent[oldest] = number
    oldest = (oldest + 1) % recent.scalarCount
  }

  subscript(number: UInt32) -> Element { elements[Int(number)] }
}
