package import NetcCore

/// A number compared by its bits, so that -0 and 0 differ and NaN equals itself.
package struct ExactNumber: Hashable, Sendable {
  private let bits: UInt64

  /// Wraps a number.
  package init(_ value: Double) { bits = value.bitPattern }

  /// The number.
  package var value: Double { Double(bitPattern: bits) }
}

/// One compile-time argument of an operation.
package enum AttributeValue: Hashable, Sendable {
  case bool(Bool)
  case int(Int)
  case ints([Int])
  case dim(Dim)
  case dims([Dim])
  case number(ExactNumber)
  case numbers([ExactNumber])
  case text(String)
  case element(ElementType)
  case body(GraphBody)
}

/// The compile-time arguments of a node by name, kept sorted by name.
package struct Attributes: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One name with its value.
  package struct Entry: Hashable, Sendable {
    /// What the operation calls it.
    package let name: String
    /// What it holds.
    package let value: AttributeValue
  }

  /// The entries, sorted by name, each name once.
  package private(set) var entries: [Entry]

  /// No attributes.
  package static let none = Attributes(dictionaryLiteral: ())

  private init(dictionaryLiteral: Void) { entries = [] }

  /// These attributes, in any order.
  package init(dictionaryLiteral elements: (String, AttributeValue)...) {
    entries = elements.map { Entry(name: $0.0, value: $0.1) }
    for place in entries.indices.dropFirst() where entries[place].name < entries[place - 1].name {
      entries.sort { $0.name < $1.name }
      break
    }
  }

  /// The values alone: the attributes of one operation have the same names.
  package func hash(into hasher: inout Hasher) {
    for entry in entries { hasher.combine(entry.value) }
  }

  /// The value of a name, or nil; setting nil removes it.
  package subscript(name: String) -> AttributeValue? {
    get {
      for place in entries.indices where entries[place].name == name {
        return entries[place].value
      }
      return nil
    }
    set {
      entries.removeAll { $0.name == name }
      guard let newValue else { return }
      let place = entries.firstIndex { $0.name > name } ?? entries.endIndex
      entries.insert(Entry(name: name, value: newValue), at: place)
    }
  }
}

/// Typed access for operations, whose own type rule has checked that the attribute is there.
extension Attributes {
  /// The truth value of that name.
  package func bool(_ name: String) -> Bool {
    if case .bool(let value) = self[name] { value } else { missing(name) }
  }

  /// The whole number of that name.
  package func int(_ name: String) -> Int {
    if case .int(let value) = self[name] { value } else { missing(name) }
  }

  /// The whole numbers of that name.
  package func ints(_ name: String) -> [Int] {
    if case .ints(let value) = self[name] { value } else { missing(name) }
  }

  /// The dimension of that name.
  package func dim(_ name: String) -> Dim {
    if case .dim(let value) = self[name] { value } else { missing(name) }
  }

  /// The dimensions of that name.
  package func dims(_ name: String) -> [Dim] {
    if case .dims(let value) = self[name] { value } else { missing(name) }
  }

  /// The real number of that name.
  package func number(_ name: String) -> Double {
    if case .number(let value) = self[name] { value.value } else { missing(name) }
  }

  /// The real numbers of that name.
  package func numbers(_ name: String) -> [Double] {
    if case .numbers(let value) = self[name] { value.map(\.value) } else { missing(name) }
  }

  /// The text of that name.
  package func text(_ name: String) -> String {
    if case .text(let value) = self[name] { value } else { missing(name) }
  }

  /// The element type of that name.
  package func element(_ name: String) -> ElementType {
    if case .element(let value) = self[name] { value } else { missing(name) }
  }

  /// The body of that name.
  package func body(_ name: String) -> GraphBody {
    if case .body(let value) = self[name] { value } else { missing(name) }
  }

  private func missing(_ name: String) -> Never {
    internalError("attributes: no `\(name)` of the asked kind among \(entries.map(\.name))")
  }
}
