import NetcCore

/// A value of one graph: the result of a node, numbered in order of creation.
@usableFromInline
package struct ValueID: Hashable, Sendable, Comparable, GraphID {
  /// Position among the graph's values.
  @usableFromInline package let rawValue: UInt32

  /// The identifier at a position.
  @inlinable
  package init(_ index: Int) { rawValue = UInt32(truncatingIfNeeded: index) }

  /// Position among the graph's values, for arrays beside it.
  @inlinable
  package var index: Int { Int(rawValue) }

  @inlinable
  package static func < (a: ValueID, b: ValueID) -> Bool { a.rawValue < b.rawValue }

  @inlinable
  package static func == (a: ValueID, b: ValueID) -> Bool { a.rawValue == b.rawValue }
}

/// A node of one graph, numbered in order of creation; every operand belongs to an earlier node.
@usableFromInline
package struct NodeID: Hashable, Sendable, Comparable, GraphID {
  /// Position among the graph's nodes.
  @usableFromInline package let rawValue: UInt32

  /// The identifier at a position.
  @inlinable
  package init(_ index: Int) { rawValue = UInt32(truncatingIfNeeded: index) }

  /// Position among the graph's nodes, for arrays beside it.
  @inlinable
  package var index: Int { Int(rawValue) }

  @inlinable
  package static func < (a: NodeID, b: NodeID) -> Bool { a.rawValue < b.rawValue }

  @inlinable
  package static func == (a: NodeID, b: NodeID) -> Bool { a.rawValue == b.rawValue }
}

/// An operation by its place in `OperationCatalogue`.
@usableFromInline
package struct OpID: Hashable, Sendable {
  /// Position in the catalogue.
  @usableFromInline package let rawValue: UInt16

  /// The operation at that place of the catalogue.
  @inlinable
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable
  package static func == (a: OpID, b: OpID) -> Bool { a.rawValue == b.rawValue }

  /// The operation of that name, which the catalogue must hold.
  package init(_ name: String) {
    guard let id = OperationCatalogue.id(named: name) else {
      internalError("operation catalogue: no operation `\(name)`")
    }
    self = id
  }

  /// The operation itself.
  package var operation: any Operation { OperationCatalogue.operations[Int(rawValue)] }
}
