import NetcGraph

/// A function of one number made of polynomials of degree 2 or less between breaks: what
/// `where(x > 0, x, 0.1 * x)`, `max`, `abs` and squares of it make of a number x. The values at the
/// breaks are one side's.
struct ScalarPieces: Hashable, Sendable {
  /// c₀ + c₁ x + c₂ x².
  struct Quadratic: Hashable, Sendable {
    var c0: Double, c1: Double, c2: Double

    func value(_ x: Double) -> Double { c0 + x * (c1 + x * c2) }
    func slope(_ x: Double) -> Double { c1 + 2 * c2 * x }
    var isFinite: Bool { c0.isFinite && c1.isFinite && c2.isFinite }

    /// Where it changes its sign, in order.
    var roots: [Double] {
      if c2 == 0 { return c1 == 0 ? [] : [-c0 / c1] }
      let discriminant = c1 * c1 - 4 * c2 * c0
      if !(discriminant > 0) { return [] }
      let q = -0.5 * (c1 + (c1 < 0 ? -1 : 1) * discriminant.squareRoot())
      return q == 0 ? [] : [q / c2, c0 / q].sorted()
    }
  }

  /// Where something holds: the breaks, and whether it does between them.
  struct Regions: Hashable, Sendable {
    var breaks: [Double]
    var holds: [Bool]
  }

  /// Increasing; one fewer than the polynomials.
  private(set) var breaks: [Double]
  private(set) var parts: [Quadratic]

  /// x itself.
  static let identity = Self(breaks: [], parts: [Quadratic(c0: 0, c1: 1, c2: 0)])

  /// The same number everywhere.
  static func constant(_ number: Double) -> Self {
    Self(breaks: [], parts: [Quadratic(c0: number, c1: 0, c2: 0)])
  }

  private init(breaks: [Double], parts: [Quadratic]) {
    self.breaks = breaks
    self.parts = parts
  }

  /// The number it is everywhere; nil when it is not constant.
  var number: Double? {
    guard breaks.isEmpty, parts[0].c1 == 0, parts[0].c2 == 0 else { return nil }
    return parts[0].c0
  }

  /// Whether it is one polynomial of degree 1 or less.
  var isAffine: Bool { breaks.isEmpty && parts[0].c2 == 0 }

  /// The ends of the interval of a part, within the arguments of these signs.
  private func ends(_ part: Int, _ sign: SignRange) -> (low: Double, high: Double) {
    let low = part == 0 ? -Double.infinity : breaks[part - 1]
    let high = part == breaks.count ? Double.infinity : breaks[part]
    return (
      sign.isNonnegative ? max(low, 0) : low, sign.isNonpositive ? min(high, 0) : high
    )
  }
}

extension ScalarPieces {
  private static let partLimit = 24

  /// The parts of both, on the intervals of both; nil when there are too many, or numbers overflow.
  private func merged(
    _ other: ScalarPieces, _ combine: (Quadratic, Quadratic) -> Quadratic?
  ) -> ScalarPieces? {
    let all = Self.sorted(breaks + other.breaks)
    guard all.count < Self.partLimit else { return nil }
    var result = ScalarPieces(breaks: [], parts: [])
    for place in 0...all.count {
      let inside = Self.inside(all, place)
      guard let part = combine(self.part(at: inside), other.part(at: inside)), part.isFinite else {
        return nil
      }
      result.append(part, before: place == 0 ? nil : all[place - 1])
    }
    return result
  }

  /// Adds a part after the others, joined to the last when it is the same.
  private mutating func append(_ part: Quadratic, before start: Double?) {
    if part == parts.last { return }
    if let start { if !parts.isEmpty { breaks.append(start) } }
    parts.append(part)
  }

  private static func sorted(_ numbers: [Double]) -> [Double] {
    var result: [Double] = []
    for number in numbers.sorted() where number.isFinite && number != result.last {
      result.append(number)
    }
    return result
  }

  /// A number inside one of the intervals between breaks.
  private static func inside(_ breaks: [Double], _ place: Int) -> Double {
    if breaks.isEmpty { return 0 }
    if place == 0 { return breaks[0] - max(1, abs(breaks[0])) }
    if place == breaks.count { return breaks[place - 1] + max(1, abs(breaks[place - 1])) }
    return breaks[place - 1] + 0.5 * (breaks[place] - breaks[place - 1])
  }

  private func part(at x: Double) -> Quadratic { parts[breaks.count { $0 < x }] }

  /// The sum with another.
  func adding(_ other: ScalarPieces) -> ScalarPieces? {
    merged(other) { Quadratic(c0: $0.c0 + $1.c0, c1: $0.c1 + $1.c1, c2: $0.c2 + $1.c2) }
  }

  /// The product with another, when its degree is 2 or less.
  func multiplied(_ other: ScalarPieces) -> ScalarPieces? {
    merged(other) { a, b in
      guard a.c2 * b.c2 == 0, a.c1 * b.c2 == 0, a.c2 * b.c1 == 0 else { return nil }
      return Quadratic(
        c0: a.c0 * b.c0, c1: a.c0 * b.c1 + a.c1 * b.c0,
        c2: a.c0 * b.c2 + a.c1 * b.c1 + a.c2 * b.c0)
    }
  }

  /// The product with a number.
  func scaled(_ factor: Double) -> ScalarPieces? { multiplied(.constant(factor)) }

  /// Where it is below another (`orEqual`: or equal to it).
  func isBelow(_ other: ScalarPieces, orEqual: Bool) -> Regions? {
    guard let difference = other.scaled(-1).flatMap({ adding($0) }) else { return nil }
    var all = difference.breaks
    for (place, part) in difference.parts.enumerated() {
      let ends = difference.ends(place, .unknown)
      all += part.roots.filter { $0 > ends.low && $0 < ends.high }
    }
    all = Self.sorted(all)
    guard all.count < Self.partLimit else { return nil }
    let holds = (0...all.count).map { place in
      let x = Self.inside(all, place)
      let value = difference.part(at: x).value(x)
      return value < 0 || (value == 0 && orEqual)
    }
    return Regions(breaks: all, holds: holds)
  }

  /// `a` where something holds, `b` elsewhere.
  static func chosen(_ regions: Regions, _ a: ScalarPieces, _ b: ScalarPieces) -> ScalarPieces? {
    var choice = ScalarPieces(breaks: [], parts: [])
    for (place, holds) in regions.holds.enumerated() {
      let part = Quadratic(c0: holds ? 1 : 0, c1: 0, c2: 0)
      choice.append(part, before: place == 0 ? nil : regions.breaks[place - 1])
    }
    guard let left = choice.multiplied(a),
      let other = choice.scaled(-1).flatMap({ $0.adding(.constant(1)) }),
      let right = other.multiplied(b)
    else { return nil }
    return left.adding(right)
  }

  /// The greater of both.
  func maximum(_ other: ScalarPieces) -> ScalarPieces? {
    isBelow(other, orEqual: false).flatMap { Self.chosen($0, other, self) }
  }

  /// |f|.
  var magnitude: ScalarPieces? { scaled(-1).flatMap { maximum($0) } }
}

extension ScalarPieces {
  /// How it bends over arguments of these signs.
  func curvature(_ sign: SignRange) -> Curvature {
    let shown = range(sign)
    if shown.count == 1 {
      let part = parts[shown.lowerBound]
      if part.c2 != 0 { return part.c2 > 0 ? .convex : .concave }
      return part.c1 == 0 ? .constant : .affine
    }
    guard isContinuous(sign) else { return .unknown }
    var isConvex = true
    var isConcave = true
    for place in shown {
      if parts[place].c2 < 0 { isConvex = false }
      if parts[place].c2 > 0 { isConcave = false }
      guard place + 1 < shown.upperBound else { continue }
      let rise = parts[place + 1].slope(breaks[place]) - parts[place].slope(breaks[place])
      if rise < 0 { isConvex = false }
      if rise > 0 { isConcave = false }
    }
    if isConvex && isConcave { return .affine }
    return isConvex ? .convex : isConcave ? .concave : .unknown
  }

  /// Whether it rises or falls over arguments of these signs.
  func slope(_ sign: SignRange) -> Slope {
    guard isContinuous(sign) else { return .unknown }
    let slopes = range(sign).flatMap { place in
      let ends = ends(place, sign)
      return [ends.low, ends.high].map { end in
        end.isFinite
          ? parts[place].slope(end)
          : parts[place].c2 == 0 ? parts[place].c1 : parts[place].c2 * (end < 0 ? -1 : 1)
      }
    }
    if slopes.allSatisfy({ $0 >= 0 }) { return .increasing }
    return slopes.allSatisfy { $0 <= 0 } ? .decreasing : .unknown
  }

  /// The signs of its values over arguments of these signs.
  func sign(_ sign: SignRange) -> SignRange {
    var result: SignRange = []
    for place in range(sign) {
      let part = parts[place]
      let ends = ends(place, sign)
      var values = [ends.low, ends.high].map { end in
        end.isFinite ? part.value(end) : part.limit(end)
      }
      if part.c2 != 0 {
        let turn = -part.c1 / (2 * part.c2)
        if turn > ends.low && turn < ends.high { values.append(part.value(turn)) }
      }
      for value in values { result.formUnion(SignRange(value)) }
    }
    return result
  }

  /// The parts that arguments of these signs meet.
  private func range(_ sign: SignRange) -> Range<Int> {
    let shown = parts.indices.filter { place in
      let ends = ends(place, sign)
      return ends.low < ends.high
    }
    guard let first = shown.first, let last = shown.last else { return 0..<parts.count }
    return first..<last + 1
  }

  /// Whether there is no jump; what rounding leaves of the literals in the program is none.
  private func isContinuous(_ sign: SignRange) -> Bool {
    range(sign).dropLast().allSatisfy { place in
      let left = parts[place].value(breaks[place])
      let right = parts[place + 1].value(breaks[place])
      return abs(left - right) <= 1e-12 * max(1, abs(left))
    }
  }
}

extension ScalarPieces.Quadratic {
  /// Towards which infinity it goes, or the number it is.
  fileprivate func limit(_ end: Double) -> Double {
    if c2 != 0 { return c2 * .infinity }
    return c1 != 0 ? c1 * end : c0
  }
}
