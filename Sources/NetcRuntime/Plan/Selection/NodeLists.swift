import NetcGraph

/// Lists of nodes, one after another in one list.
struct NodeLists: Sendable {
  private var nodes: [NodeID] = []
  private var ends: [Int32] = []

  /// The numbers of the lists.
  var indices: Range<Int> { 0..<ends.count }

  /// A list.
  subscript(list: Int) -> ArraySlice<NodeID> {
    nodes[(list == 0 ? 0 : Int(ends[list - 1]))..<Int(ends[list])]
  }

  /// Room for lists of so many nodes in all.
  mutating func reserveCapacity(_ count: Int) {
    nodes.reserveCapacity(count)
    ends.reserveCapacity(count)
  }

  /// Appends a list.
  mutating func append(_ list: some Sequence<NodeID>) {
    for node in list { nodes.append(node) }
    ends.append(Int32(truncatingIfNeeded: nodes.count))
  }
}
