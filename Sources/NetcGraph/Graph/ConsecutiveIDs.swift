/// What numbers a part of a graph in order of creation.
@usableFromInline
package protocol GraphID: Sendable {
  /// The identifier at a position.
  init(_ index: Int)
}

/// Identifiers one after another. A type of its own, with its own iterator: loops over an opaque or
/// a default one are not inlined across modules.
@usableFromInline
package struct ConsecutiveIDs<ID: GraphID>: RandomAccessCollection, Sendable {
  @usableFromInline
  package struct Iterator: IteratorProtocol, Sendable {
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable
    init(from position: Int, to end: Int) {
      self.position = position
      self.end = end
    }

    @inlinable
    package mutating func next() -> ID? {
      guard position < end else { return nil }
      defer { position += 1 }
      return ID(position)
    }
  }

  @usableFromInline let first: Int
  @usableFromInline package let endIndex: Int

  /// The identifiers of positions one after another.
  @inlinable
  package init(_ positions: Range<Int>) {
    first = positions.lowerBound
    endIndex = positions.count
  }

  @inlinable
  package var startIndex: Int { 0 }

  @inlinable
  package var count: Int { endIndex }

  @inlinable
  package subscript(place: Int) -> ID { ID(first + place) }

  @inlinable
  package func index(after place: Int) -> Int { place + 1 }

  @inlinable
  package func index(before place: Int) -> Int { place - 1 }

  @inlinable
  package func formIndex(after place: inout Int) { place += 1 }

  @inlinable
  package func formIndex(before place: inout Int) { place -= 1 }

  @inlinable
  package func makeIterator() -> Iterator { Iterator(from: first, to: first + endIndex) }
}
