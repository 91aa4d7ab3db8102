/// A pattern over whole paths: `*` stands for any run of characters, dots included, `?` for one.
struct Pattern: Sendable {
  private let text: [Character]

  init(_ text: String) { self.text = Array(text) }

  /// Whether a canonical name, or the same with instances' `_1` left out, has this form.
  func matches(_ name: String) -> Bool {
    if matches(Array(name)) { return true }
    let short = name.split(separator: ".", omittingEmptySubsequences: false)
      .map { $0.hasSuffix("_1") ? String($0.dropLast(2)) : String($0) }
      .joined(separator: ".")
    return short != name && matches(Array(short))
  }

  /// - Complexity: O(pattern · name).
  private func matches(_ name: [Character]) -> Bool {
    var place = 0
    var next = 0
    var star: (pattern: Int, name: Int)?
    while next < name.count {
      if place < text.count, text[place] == "*" {
        star = (place, next)
        place += 1
      } else if place < text.count, text[place] == "?" || text[place] == name[next] {
        place += 1
        next += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        place = last.pattern + 1
        next = last.name + 1
      } else {
        return false
      }
    }
    return text[place...].allSatisfy { $0 == "*" }
  }
}
