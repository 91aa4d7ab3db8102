package import NetcCore
package import NetcGraph

/// Where parameters and states lie in the persistent segment; every plan of a model shares it.
package struct PersistentLayout: Hashable, Sendable {
  /// One tensor of the segment.
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let element: ElementType
    /// The bound shape.
    package let shape: [Int]
    /// First byte, a multiple of 64.
    package fileprivate(set) var offset: Int
    /// Bytes of the numbers, without padding.
    package let bytes: Int

    /// How many numbers there are.
    package var count: Int { shape.reduce(1, *) }

    /// The first byte behind it and its padding.
    package var end: Int { offset + PersistentLayout.padded(bytes) }
  }

  /// The number type of `float`.
  package let precision: Precision
  /// The tensors, in the order given.
  package let entries: [Entry]
  /// Bytes of the whole segment, a multiple of 64.
  package let bytes: Int
  private let places: [String: Int]

  /// Places the tensors, each on a multiple of 64 bytes: the small ones first, those side by side
  /// that one instruction may update, the others in the order given.
  /// - Throws: when a dimension is not bound or the segment would leave the address space.
  package init(
    _ tensors: [(name: String, type: TensorType)], bindings: DimBindings = [:],
    precision: Precision = .single
  ) throws(PlanError) {
    var entries: [Entry] = []
    var places: [String: Int] = [:]
    var end = 0
    for (name, type) in tensors where places[name] == nil {
      guard let shape = type.shape.sizes(bindings),
        let bytes = PersistentLayout.byteCount(shape, type.element, precision)
      else { throw PlanError.size(type.shape, bindings, at: nil) }
      places[name] = entries.count
      entries.append(
        Entry(name: name, element: type.element, shape: shape, offset: 0, bytes: bytes))
      end += PersistentLayout.padded(bytes)
      guard end <= PersistentLayout.largestSegment else {
        throw PlanError("the parameters and states need more than 16 GiB")
      }
    }
    var offset = 0
    for place in PersistentOrder(entries, places).places {
      entries[place].offset = offset
      offset = entries[place].end
    }
    self.precision = precision
    self.entries = entries
    self.places = places
    self.bytes = end
  }

  /// Places the parameters and states that the graphs read, in order of first appearance.
  package init(
    of graphs: [Graph], bindings: DimBindings = [:], precision: Precision = .single
  ) throws(PlanError) {
    var tensors: [(name: String, type: TensorType)] = []
    for graph in graphs {
      for node in graph.nodeIDs
      where graph.op(of: node) == .parameter || graph.op(of: node) == .state {
        let type = graph.type(of: graph.result(of: node))
        tensors.append((graph.attributes(of: node).text("name"), type))
      }
    }
    try self.init(tensors, bindings: bindings, precision: precision)
  }

  /// The place of the tensor of that name.
  package subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The position of a name among the entries.
  func index(of name: String) -> Int? { places[name] }

  /// Tensors of no more bytes than this have their updates merged: threads need not share such a
  /// one's, and its gradient may wait for the others without the step's taking noticeably more
  /// memory.
  static let small = 2048

  private static func padded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

  /// What 32-bit offsets in words reach.
  static let largestSegment = 1 << 34

  /// Bytes of a dense tensor; nil when it has more elements than an instruction can count.
  static func byteCount(_ shape: [Int], _ element: ElementType, _ precision: Precision) -> Int? {
    guard let count = elementCount(shape), count < Int(Int32.max) else { return nil }
    return count * element.bytes(in: precision)
  }
}
