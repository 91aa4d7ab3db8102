import NetcCore

/// Neighbouring dimensions before and after a reshape that hold the same number of elements.
struct ReshapeGroup {
  let before: Range<Int>
  let after: Range<Int>

  /// The smallest pair of groups whose second one holds `axis`; nil where there is none, as for a
  /// shape with a size of 0.
  /// - Complexity: O(rank²) products.
  init?(from old: Shape, to new: Shape, with axis: Int) {
    var start = (old: 0, new: 0)
    while start.new <= axis {
      guard let end = Self.end(old, new, start) else { return nil }
      if end.new > axis {
        before = start.old..<end.old
        after = start.new..<end.new
        return
      }
      start = end
    }
    return nil
  }

  private static func end(
    _ old: Shape, _ new: Shape, _ start: (old: Int, new: Int)
  ) -> (old: Int, new: Int)? {
    if start.new < new.rank, new[start.new] == Dim(1),
      start.old >= old.rank || old[start.old] != Dim(1)
    {
      return (start.old, start.new + 1)
    }
    var right = Dim(1)
    for last in start.new..<new.rank {
      right = right * new[last]
      var left = Dim(1)
      for other in start.old..<old.rank {
        left = left * old[other]
        if left == right { return (other + 1, last + 1) }
      }
    }
    return nil
  }
}
