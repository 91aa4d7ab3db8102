/// How a value bends as a function of what varies, by the calculus of disciplined convex
/// programming: what is said holds, what is `unknown` may be anything.
///
/// Source: Grant, Boyd and Ye, "Disciplined convex programming", 2006.
package enum Curvature: String, Hashable, Sendable, CaseIterable {
  case constant, affine, convex, concave, unknown

  /// Whether it is convex, constant and affine included.
  package var isConvex: Bool { self == .constant || self == .affine || self == .convex }

  /// Whether it is concave, constant and affine included.
  package var isConcave: Bool { self == .constant || self == .affine || self == .concave }

  /// That of -x.
  package var negated: Curvature {
    switch self {
    case .convex: .concave
    case .concave: .convex
    default: self
    }
  }

  /// That of a sum, and of a tensor that has elements of both kinds.
  package func joined(_ other: Curvature) -> Curvature {
    if self == .constant { return other }
    if other == .constant { return self }
    if self == .affine { return other }
    if other == .affine || self == other { return self }
    return .unknown
  }

  /// That of the product with a constant of this sign.
  package func scaled(by sign: SignRange) -> Curvature {
    if sign.isNonnegative { return self }
    if sign.isNonpositive { return negated }
    return self == .convex || self == .concave ? .unknown : self
  }

  /// That of a function of this curvature and slope of an inner value.
  package func of(_ inner: Curvature, _ slope: Slope) -> Curvature {
    if inner == .constant || self == .constant { return .constant }
    switch (self, inner, slope) {
    case (_, .affine, _): return self
    case (.affine, _, .increasing): return inner
    case (.affine, _, .decreasing): return inner.negated
    case (.convex, .convex, .increasing), (.convex, .concave, .decreasing): return .convex
    case (.concave, .concave, .increasing), (.concave, .convex, .decreasing): return .concave
    default: return .unknown
    }
  }
}

/// Whether a function of one number rises or falls; not strictly.
package enum Slope: Hashable, Sendable {
  case increasing, decreasing, unknown
}

/// Which signs the elements of a value may have; zero always.
package struct SignRange: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Every element ≥ 0.
  package static let nonnegative = SignRange(rawValue: 1)
  /// Every element ≤ 0.
  package static let nonpositive = SignRange(rawValue: 2)
  /// Anything.
  package static let unknown: SignRange = [.nonnegative, .nonpositive]

  /// That of a number; unknown for NaN.
  package init(_ number: Double) {
    self = number > 0 ? .nonnegative : number < 0 ? .nonpositive : number == 0 ? [] : .unknown
  }

  /// Whether no element is below 0.
  package var isNonnegative: Bool { !contains(.nonpositive) }
  /// Whether no element is above 0.
  package var isNonpositive: Bool { !contains(.nonnegative) }

  /// That of -x.
  package var negated: SignRange {
    var result: SignRange = []
    if contains(.nonnegative) { result.insert(.nonpositive) }
    if contains(.nonpositive) { result.insert(.nonnegative) }
    return result
  }

  /// That of a product.
  package func times(_ other: SignRange) -> SignRange {
    if isEmpty || other.isEmpty { return [] }
    if isNonnegative { return other }
    if isNonpositive { return other.negated }
    return .unknown
  }
}
