/// Whether a dotted name fits a pattern: `*` is any run of characters, dots included, `?` is one
/// character.
/// - Complexity: O(name · pattern).
package func matches(_ name: String, glob pattern: String) -> Bool {
  let name = Array(name), pattern = Array(pattern)
  var nameIndex = 0, patternIndex = 0
  var star: (pattern: Int, name: Int)?
  while nameIndex < name.count {
    if patternIndex < pattern.count,
      pattern[patternIndex] == "?" || pattern[patternIndex] == name[nameIndex],
      pattern[patternIndex] != "*"
    {
      nameIndex += 1
      patternIndex += 1
    } else if patternIndex < pattern.count, pattern[patternIndex] == "*" {
      star = (patternIndex, nameIndex)
      patternIndex += 1
    } else if let last = star {
      patternIndex = last.pattern + 1
      nameIndex = last.name + 1
      star = (last.pattern, nameIndex)
    } else {
      return false
    }
  }
  return pattern[patternIndex...].allSatisfy { $0 == "*" }
}
