/// The order in which tensors lie in the persistent segment: first the small ones, so that those
/// that one instruction may update lie side by side, and their states likewise.
///
/// The small ones are sorted by what they are of a parameter, as `layer.bias.adam.m` is the
/// `adam.m` of one, then by that parameter's name in its layer, as `bias`, since rules treat like
/// ones alike; then as they are given.
struct PersistentOrder {
  /// The tensors by rising places.
  let places: [Int]

  /// - Parameter named: the tensors by their names.
  /// - Complexity: O(n log n) for n tensors.
  init(_ entries: [PersistentLayout.Entry], _ named: [String: Int]) {
    let isSmall = entries.map { $0.bytes <= PersistentLayout.small }
    var keys = Array(repeating: (0, 0), count: entries.count)
    var numbers: [Substring: Int] = [:]
    func number(_ text: Substring) -> Int {
      if let known = numbers[text] { return known }
      numbers[text] = numbers.count
      return numbers.count - 1
    }
    for place in entries.indices where isSmall[place] {
      let (path, role) = Self.parts(of: entries[place].name, named)
      let own = path.utf8.lastIndex(of: Self.dot).map { path[path.utf8.index(after: $0)...] }
      keys[place] = (number(role), number(own ?? path))
    }
    let small = entries.indices.filter { isSmall[$0] }
      .sorted { (keys[$0].0, keys[$0].1, $0) < (keys[$1].0, keys[$1].1, $1) }
    places = small + entries.indices.filter { !isSmall[$0] }
  }

  /// The name of the parameter that a tensor is of, and what it is of it: nothing for itself.
  private static func parts(
    of name: String, _ named: [String: Int]
  ) -> (path: Substring, role: Substring) {
    var path = name[...]
    while let end = path.utf8.lastIndex(of: dot) {
      path = path[..<end]
      if named[String(path)] != nil { return (path, name[name.utf8.index(after: end)...]) }
    }
    return (name[...], "")
  }

  private static let dot = UInt8(ascii: ".")
}
