/// The users of each group, and how many groups each still waits for.
struct GroupEdges {
  private(set) var unfinished: [Int32]
  private var starts: [Int32]
  private var list: [Int32]

  /// - Complexity: O(count + pairs).
  init(count: Int, pairs: [(from: Int32, to: Int32)]) {
    unfinished = Array(repeating: 0, count: count)
    starts = Array(repeating: 0, count: count + 1)
    list = Array(repeating: 0, count: pairs.count)
    for pair in pairs {
      unfinished[Int(pair.to)] += 1
      starts[Int(pair.from) + 1] += 1
    }
    for place in 0..<count { starts[place + 1] += starts[place] }
    var filled = starts
    for pair in pairs {
      list[Int(filled[Int(pair.from)])] = pair.to
      filled[Int(pair.from)] += 1
    }
  }

  /// The groups that read a group, once for each value read.
  func users(_ group: Int) -> ArraySlice<Int32> {
    list[Int(starts[group])..<Int(starts[group + 1])]
  }
}
