/// How an operation's result bends with its operands: an operation says one, and the analysis of
/// convexity knows it. Without one (`opaque`) only constants are understood.
package enum CurvatureRule: Sendable {
  /// Constant where all operands are; the signs of its elements then.
  case opaque(SignRange = .unknown)
  /// What varies.
  case variable
  /// Each element is an element of an operand, or 0; whole numbers and truth values say which.
  case elements
  /// Each element is a sum of elements of the operands; whole numbers say of which.
  case sum
  /// The greatest of elements of the operands.
  case greatest
  /// The least of elements of the operands.
  case least
  /// a + b
  case addition
  /// a - b
  case subtraction
  /// -a
  case negation
  /// A product of an element of each operand.
  case product
  /// A sum of products of an element of each operand.
  case sumOfProducts
  /// a / b
  case quotient
  /// a^b
  case power
  /// One of the last two operands, by the first.
  case choice
  /// A relation between both operands.
  case relation
  /// The body's.
  case call
  /// A function of one number, element by element.
  case scalar(ScalarBend)
}

/// How a function of one number bends, where it is defined.
package struct ScalarBend: Sendable {
  /// Its curvature wherever it is defined, and for arguments of one sign.
  package let everywhere, ifNonnegative, ifNonpositive: Curvature
  /// Whether it rises or falls, continued by ∞ (a convex one) or -∞ where it is not defined.
  package let slope: Slope
  /// The signs of its values; nil for the sign of its argument.
  package let sign: SignRange?

  /// A function of one curvature.
  package static func bend(_ curvature: Curvature, _ slope: Slope, _ sign: SignRange?) -> Self {
    Self(
      everywhere: curvature, ifNonnegative: curvature, ifNonpositive: curvature, slope: slope,
      sign: sign)
  }

  /// A rising function that is convex below 0 and concave above.
  package static func sigmoid(_ sign: SignRange?) -> Self {
    Self(
      everywhere: .unknown, ifNonnegative: .concave, ifNonpositive: .convex, slope: .increasing,
      sign: sign)
  }

  /// Its curvature for arguments of these signs.
  package func curvature(_ argument: SignRange) -> Curvature {
    if everywhere != .unknown { return everywhere }
    if argument.isNonnegative { return ifNonnegative }
    return argument.isNonpositive ? ifNonpositive : .unknown
  }
}
