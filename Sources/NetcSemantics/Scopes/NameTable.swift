/// What the names of one body stand for, the latest declaration of a name first.
///
/// Most bodies declare a handful of names, which are found by comparing; more are found by hash.
struct NameTable<Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    let name: String
    var value: Value
    /// The place of the entry of the same name that this one hides; known once there are many.
    var hidden: Int?
  }

  private var entries: [Entry] = []
  /// The latest place of each name once there were many, else empty.
  private var latest: [String: Int] = [:]

  private static var few: Int { 8 }

  /// How many declarations there are, hidden ones counted.
  var count: Int { entries.count }

  /// The names declared, hidden ones repeated.
  var names: [String] { entries.map(\.name) }

  /// What a name stands for.
  subscript(name: String) -> Value? {
    guard let place = place(of: name) else { return nil }
    return entries[place].value
  }

  /// Declares a name, hiding what it stood for.
  mutating func declare(_ name: String, _ value: Value) {
    let place = entries.count
    if place == 0 { entries.reserveCapacity(4) }
    entries.append(Entry(name: name, value: value))
    if !latest.isEmpty {
      hash(place)
    } else if place == Self.few {
      for place in entries.indices { hash(place) }
    }
  }

  /// Changes what a declared name stands for.
  mutating func update(_ name: String, _ change: (inout Value) -> Void) {
    guard let place = place(of: name) else { return }
    change(&entries[place].value)
  }

  /// Forgets all declarations but the first `count`.
  mutating func shrink(to count: Int) {
    while entries.count > count {
      let entry = entries.removeLast()
      if !latest.isEmpty { latest[entry.name] = entry.hidden }
    }
  }

  private func place(of name: String) -> Int? {
    if !latest.isEmpty { return latest[name] }
    var place = entries.count
    while place > 0 {
      place -= 1
      if entries[place].name == name { return place }
    }
    return nil
  }

  private mutating func hash(_ place: Int) {
    entries[place].hidden = latest.updateValue(place, forKey: entries[place].name)
  }
}
