import NetcGraph

/// A distinct name for every value that is printed on a line of its own.
struct ValueNames: Sendable {
  private var names: [String?]
  private var taken: Set<String> = []
  private var ordinals: [String: Int] = [:]

  /// No names yet, but for `reserved` ones that are never given.
  init(valueCount: Int, reserved: Set<String> = []) {
    names = Array(repeating: nil, count: valueCount)
    taken = reserved
  }

  /// The name of a value, if it has one.
  subscript(value: ValueID) -> String? { names[value.index] }

  /// Gives a value `wanted`, or `wanted_2`, `wanted_3`, … when that is taken.
  @discardableResult
  mutating func give(_ value: ValueID, _ wanted: String) -> String {
    var name = wanted
    var ordinal = ordinals[wanted] ?? 1
    while taken.contains(name) {
      ordinal += 1
      name = "\(wanted)_\(ordinal)"
    }
    ordinals[wanted] = ordinal
    taken.insert(name)
    names[value.index] = name
    return name
  }

  /// Gives a value that has no name of its own the next of `prefix1`, `prefix2`, … that is free.
  @discardableResult
  mutating func giveNumber(_ value: ValueID, _ prefix: String) -> String {
    var name: String
    repeat {
      ordinals[prefix, default: 0] += 1
      name = "\(prefix)\(ordinals[prefix] ?? 1)"
    } while taken.contains(name)
    taken.insert(name)
    names[value.index] = name
    return name
  }

  /// Names for another graph's values, distinct from these.
  func nested(_ valueCount: Int) -> ValueNames {
    var other = self
    other.names = Array(repeating: nil, count: valueCount)
    return other
  }

  /// Keeps a name from being given.
  mutating func reserve(_ name: String) { taken.insert(name) }

  /// Keeps the names that another has given from being given.
  mutating func reserve(_ other: ValueNames) { taken.formUnion(other.taken) }

  /// The next of `prefix1`, `prefix2`, … that is free, which is not given again.
  mutating func reserveNumber(_ prefix: String) -> String {
    var name: String
    repeat {
      ordinals[prefix, default: 0] += 1
      name = "\(prefix)\(ordinals[prefix] ?? 1)"
    } while taken.contains(name)
    taken.insert(name)
    return name
  }

  /// Lets a value be called by another's name.
  mutating func alias(_ value: ValueID, _ name: String) { names[value.index] = name }
}
