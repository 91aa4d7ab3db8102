/// Gives equal values one small number.
struct Interner<Element: Hashable & Sendable>: Sendable {
  private(set) var elements: [Element] = []
  private var numbers: [Element: UInt32] = [:]

  /// The number of `element`, a new one when it was not seen before.
  mutating func intern(_ element: Element) -> UInt32 {
    if let number = numbers[element] { return number }
    let number = UInt32(truncatingIfNeeded: elements.count)
    elements.append(element)
    numbers[element] = number
    return number
  }

  subscript(number: UInt32) -> Element { elements[Int(number)] }
}
