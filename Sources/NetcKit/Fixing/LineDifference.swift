/// The lines in which two texts differ, as `diff -U0` prints them.
public enum LineDifference {
  /// The differing lines with their numbers; empty for equal texts.
  /// - Complexity: O(n · d) for n lines of which d differ.
  public static func lines(from old: String, to new: String, name: String) -> [String] {
    if old == new { return [] }
    let before = old.split(separator: "\n", omittingEmptySubsequences: false)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false)
    var removed = [Bool](repeating: false, count: before.count)
    var inserted = [Bool](repeating: false, count: after.count)
    for change in after.difference(from: before) {
      switch change {
      case .remove(let place, _, _): removed[place] = true
      case .insert(let place, _, _): inserted[place] = true
      }
    }
    var lines = ["--- \(name)", "+++ \(name), fixed"]
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      let (leftStart, rightStart) = (left, right)
      while left < before.count, removed[left] { left += 1 }
      while right < after.count, inserted[right] { right += 1 }
      if left == leftStart, right == rightStart {
        left += 1
        right += 1
        continue
      }
      lines.append("@@ -\(part(leftStart, left)) +\(part(rightStart, right)) @@")
      lines += before[leftStart..<left].map { "-" + $0 }
      lines += after[rightStart..<right].map { "+" + $0 }
    }
    return lines
  }

  /// A run of lines, counted from 1; an empty one by the line before it.
  private static func part(_ start: Int, _ end: Int) -> String {
    end - start == 1 ? "\(end)" : "\(end > start ? start + 1 : start),\(end - start)"
  }
}
