/// Which axes of a product are paired, and in what order the rest comes.
package struct DotDimensions: Hashable, Sendable {
  /// Axes that both operands and the result share, in the result's order.
  package let lhsBatch, rhsBatch: [Int]
  /// Axes summed over, paired in order.
  package let lhsContracting, rhsContracting: [Int]

  /// These axes; without batch axes a plain product.
  package init(
    lhsBatch: [Int] = [], rhsBatch: [Int] = [], lhsContracting: [Int], rhsContracting: [Int]
  ) {
    self.lhsBatch = lhsBatch
    self.rhsBatch = rhsBatch
    self.lhsContracting = lhsContracting
    self.rhsContracting = rhsContracting
  }

  /// The attributes of a `dot_general`.
  package init(_ attributes: Attributes) {
    lhsBatch = attributes.ints("lhs_batch")
    rhsBatch = attributes.ints("rhs_batch")
    lhsContracting = attributes.ints("lhs_contracting")
    rhsContracting = attributes.ints("rhs_contracting")
  }

  /// As attributes of a `dot_general`.
  package var attributes: Attributes {
    [
      "lhs_batch": .ints(lhsBatch), "lhs_contracting": .ints(lhsContracting),
      "rhs_batch": .ints(rhsBatch), "rhs_contracting": .ints(rhsContracting),
    ]
  }

  /// The axes of the left operand that only it has, in increasing order.
  package func lhsFree(rank: Int) -> [Int] {
    (0..<rank).filter { !lhsBatch.contains($0) && !lhsContracting.contains($0) }
  }

  /// The axes of the right operand that only it has, in increasing order.
  package func rhsFree(rank: Int) -> [Int] {
    (0..<rank).filter { !rhsBatch.contains($0) && !rhsContracting.contains($0) }
  }
}
