/// The candidate nearest to a misspelt name, when it is near enough to be meant.
///
/// Near is an edit distance (with transpositions) of at most 2, and less than half the name's
/// length; equal distances are decided by the order of `candidates`.
/// - Complexity: O(candidates · length²).
public func suggestion(for name: String, among candidates: [String]) -> String? {
  suggestions(for: name, among: candidates).first
}

/// All candidates at the distance of the nearest, in their order, each once; several where no one
/// of them is certainly meant.
///
/// A candidate that differs only in case and underscores is nearer than any other.
/// - Complexity: O(candidates · length²).
public func suggestions(for name: String, among candidates: [String]) -> [String] {
  let limit = min(2, max(1, (name.count - 1) / 2))
  let plain = spelling(name)
  var best: (distance: Int, candidates: [String]) = (limit, [])
  for candidate in candidates where candidate != name && !best.candidates.contains(candidate) {
    let isSame = plain.count > 1 && spelling(candidate) == plain
    let distance = isSame ? 0 : editDistance(name, candidate)
    if distance < best.distance {
      best = (distance, [candidate])
    } else if distance == best.distance {
      best.candidates.append(candidate)
    }
  }
  return best.candidates
}

/// A name without case and underscores.
private func spelling(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`.
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.prefix(64)), b = Array(b.prefix(64))
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let cost = a[i - 1] == b[j - 1] ? 0 : 1
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], beforeLast[j - 2] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
