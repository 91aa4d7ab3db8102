import NetcGraph

/// Sums, products and functions of one number.
extension ConvexityAnalysis {
  /// a + b. log(1 + exp) of something grows back to what it is a part of.
  mutating func sum(_ a: ValueCurvature, _ b: ValueCurvature) -> ValueCurvature {
    if let soft = softplus(a, b) ?? softplus(b, a) { return soft }
    var result = fresh(a.curvature.joined(b.curvature), a.sign.union(b.sign))
    let isConstant = result.curvature == .constant
    if a.logarithm.isConvex, b.logarithm.isConvex {
      result.logarithm = isConstant ? .constant : .convex
    }
    if a.root.isConvex, b.root.isConvex { result.root = isConstant ? .constant : .convex }
    return merged(a, b, result) { $0.adding($1) }
  }

  /// -a.
  mutating func negated(_ a: ValueCurvature) -> ValueCurvature {
    let result = fresh(a.curvature.negated, a.sign.negated)
    return merged(a, a, result) { pieces, _ in pieces.scaled(-1) }
  }

  /// a · b, each element with the one at its place.
  mutating func product(_ a: ValueCurvature, _ b: ValueCurvature) -> ValueCurvature {
    if a.curvature != .constant, a.form == b.form { return square(a) }
    return merged(a, b, crossed(a, b)) { $0.multiplied($1) }
  }

  /// An element of a times an element of b, whichever they are.
  mutating func crossed(_ a: ValueCurvature, _ b: ValueCurvature) -> ValueCurvature {
    var result = fresh(.unknown, a.sign.times(b.sign))
    if a.curvature == .constant {
      result.curvature = b.curvature.scaled(by: a.sign)
      if a.sign.isNonnegative { result.root = b.root }
    } else if b.curvature == .constant {
      result.curvature = a.curvature.scaled(by: b.sign)
      if b.sign.isNonnegative { result.root = a.root }
    }
    result.logarithm = a.logarithm.joined(b.logarithm)
    return result
  }

  /// a², whose root is |a|.
  mutating func square(_ a: ValueCurvature) -> ValueCurvature {
    var result = fresh(.unknown, .nonnegative)
    result.root = magnitude(a)
    if a.sign.isNonnegative { result.logarithm = a.logarithm }
    if !result.root.isConvex { result.root = .unknown }
    return merged(a, a, result) { $0.multiplied($1) }
  }

  /// How |a| bends.
  private func magnitude(_ a: ValueCurvature) -> Curvature {
    if a.sign.isNonnegative { return a.curvature }
    if a.sign.isNonpositive { return a.curvature.negated }
    if a.curvature == .constant { return .constant }
    if a.curvature == .affine { return .convex }
    guard let pieces = a.form.pieces.magnitude else { return .unknown }
    let atom = atoms[a.form.atom]
    return pieces.curvature(atom.sign).of(atom.curvature, pieces.slope(atom.sign))
  }

  /// a / b.
  mutating func quotient(_ a: ValueCurvature, _ b: ValueCurvature) -> ValueCurvature {
    var result = fresh(.unknown, a.sign.times(b.sign))
    if b.curvature == .constant {
      result.curvature = a.curvature.scaled(by: b.sign)
      if b.sign.isNonnegative { result.root = a.root }
    } else if a.curvature == .constant {
      if b.sign.isNonnegative, b.curvature.isConcave {
        result.curvature = Curvature.convex.scaled(by: a.sign)
      } else if b.sign.isNonpositive, b.curvature.isConvex {
        result.curvature = Curvature.concave.scaled(by: a.sign)
      }
    }
    result.logarithm = a.logarithm.joined(b.logarithm.negated)
    guard let divisor = b.number, divisor != 0 else { return result }
    return merged(a, b, result) { pieces, _ in pieces.scaled(1 / divisor) }
  }

  /// a^b of a literal b, or of a literal a above 0.
  mutating func power(_ a: ValueCurvature, _ b: ValueCurvature) -> ValueCurvature {
    guard let exponent = b.number else { return exponential(base: a.number, b) }
    if exponent == 1 { return a }
    if exponent == 2 { return square(a) }
    let isWhole = exponent == exponent.rounded()
    let isEven = isWhole && exponent.truncatingRemainder(dividingBy: 2) == 0
    var result = fresh(.unknown, isEven || !isWhole ? .nonnegative : a.sign)
    if a.sign.isNonnegative {
      result.logarithm = a.logarithm.scaled(by: SignRange(exponent))
    }
    if !isWhole, exponent == 0.5 {
      result.curvature =
        a.root == .unknown ? Curvature.concave.of(a.curvature, .increasing) : a.root
    } else if exponent < 0 {
      if a.sign.isNonnegative || !isWhole {
        result.curvature = Curvature.convex.of(a.curvature, .decreasing)
      }
    } else if exponent < 1 {
      result.curvature = Curvature.concave.of(a.curvature, .increasing)
    } else if isEven, exponent > 0 {
      result.curvature = Curvature.convex.of(magnitude(a), .increasing)
      if result.curvature.isConvex { result.root = result.curvature }
    } else if a.sign.isNonnegative {
      result.curvature = Curvature.convex.of(a.curvature, .increasing)
    } else if isWhole, a.sign.isNonpositive {
      result.curvature = Curvature.concave.of(a.curvature, .increasing)
    } else if !isWhole, a.curvature == .affine {
      result.curvature = .convex
    }
    return result
  }

  private mutating func exponential(base: Double?, _ exponent: ValueCurvature) -> ValueCurvature {
    guard let base, base > 0 else { return fresh(.unknown, .unknown) }
    let logarithm = exponent.curvature.scaled(by: base >= 1 ? .nonnegative : .nonpositive)
    var result = fresh(Curvature.convex.of(logarithm, .increasing), .nonnegative)
    result.logarithm = logarithm
    return result
  }

  /// A function of one number, which may know more of the argument's logarithm or root.
  mutating func scalar(_ op: OpID, _ bend: ScalarBend, _ a: ValueCurvature) -> ValueCurvature {
    var result = fresh(bend.curvature(a.sign).of(a.curvature, bend.slope), bend.sign ?? a.sign)
    switch op {
    case .abs:
      result.curvature = magnitude(a)
      if a.sign.isNonnegative { result.logarithm = a.logarithm }
      return merged(a, a, result) { pieces, _ in pieces.magnitude }
    case .exponential:
      result.logarithm = a.curvature
      result.exponent = a.form
    case .log where a.logarithm != .unknown: result.curvature = a.logarithm
    case .logPlusOne:
      if a.logarithm.isConvex { result.curvature = .convex }
      result.softTail = a.exponent
    case .sqrt:
      if a.root != .unknown { result.curvature = a.root }
      result.logarithm = a.logarithm
    case .rsqrt: result.logarithm = a.logarithm.negated
    case .logistic: result.logarithm = Curvature.concave.of(a.curvature, .increasing)
    default: break
    }
    return result
  }

  /// max(l, 0) + log(1 + exp(-|l|)) = log(1 + exp l) for l = c₀ + c₁ x; nil for any other sum.
  private mutating func softplus(
    _ a: ValueCurvature, _ tail: ValueCurvature
  ) -> ValueCurvature? {
    guard let exponent = tail.softTail, exponent.atom == a.form.atom,
      let line = a.form.pieces.scaled(2)?.adding(exponent.pieces), line.isAffine,
      let rise = line.maximum(.constant(0)), rise == a.form.pieces,
      let fall = line.magnitude?.scaled(-1), fall == exponent.pieces
    else { return nil }
    let atom = atoms[exponent.atom]
    let inner = line.curvature(atom.sign).of(atom.curvature, line.slope(atom.sign))
    return fresh(Curvature.convex.of(inner, .increasing), .nonnegative)
  }
}
