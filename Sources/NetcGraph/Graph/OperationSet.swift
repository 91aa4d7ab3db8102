/// Operations of the catalogue, one bit each.
package struct OperationSet: Hashable, Sendable, ExpressibleByArrayLiteral {
  private var bits: UInt128 = 0

  /// The operations of a list.
  package init(arrayLiteral operations: OpID...) {
    for operation in operations { insert(operation) }
  }

  /// Whether it holds no operation.
  package var isEmpty: Bool { bits == 0 }

  /// Adds an operation.
  package mutating func insert(_ operation: OpID) { bits |= 1 << UInt128(operation.rawValue) }

  /// Whether it holds an operation.
  package func contains(_ operation: OpID) -> Bool { bits >> UInt128(operation.rawValue) & 1 == 1 }

  /// Whether it holds no operation of another set.
  package func isDisjoint(with other: OperationSet) -> Bool { bits & other.bits == 0 }

  /// The operations of both.
  package func union(_ other: OperationSet) -> OperationSet {
    var all = self
    all.bits |= other.bits
    return all
  }
}
