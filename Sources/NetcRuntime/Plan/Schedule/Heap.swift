/// The smallest of some numbers, in O(log n).
struct Heap {
  private var items: [Int] = []

  var isEmpty: Bool { items.isEmpty }

  mutating func push(_ item: Int) {
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> Int? {
    guard let first = items.first else { return nil }
    let last = items.removeLast()
    if items.isEmpty { return first }
    items[0] = last
    var parent = 0
    while true {
      var least = parent
      let child = 2 * parent + 1
      if child < items.count, items[child] < items[least] { least = child }
      if child + 1 < items.count, items[child + 1] < items[least] { least = child + 1 }
      if least == parent { return first }
      items.swapAt(parent, least)
      parent = least
    }
  }
}
