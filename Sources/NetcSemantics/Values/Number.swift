#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A compile-time number: a whole number while it can be one, else a double.
///
/// Arithmetic gives nil where a whole result leaves the range of Int64, which is an error of the
/// program.
enum Number: Hashable, Sendable {
  case whole(Int64)
  case real(Double)

  /// The value as a double; rounded when whole and beyond 2⁵³.
  var double: Double {
    switch self {
    case .whole(let value): Double(value)
    case .real(let value): value
    }
  }

  /// The value where a whole number is needed; a real one qualifies when it is whole and below 2⁵³.
  var integer: Int? {
    switch self {
    case .whole(let value): return Int(exactly: value)
    case .real(let value):
      guard value.magnitude <= 9_007_199_254_740_992 else { return nil }
      return Int(exactly: value)
    }
  }

  /// The number as the language writes it.
  var text: String {
    switch self {
    case .whole(let value): String(value)
    case .real(let value): realText(value)
    }
  }

  /// A number of this double, whole when the double came out of whole operands exactly.
  static func wholeOrReal(_ value: Double) -> Number {
    if value.magnitude <= 9_007_199_254_740_992, let whole = Int64(exactly: value) {
      return .whole(whole)
    }
    return .real(value)
  }

  /// The negated number.
  var negated: Number? {
    switch self {
    case .whole(let value):
      let (result, overflow) = Int64(0).subtractingReportingOverflow(value)
      return overflow ? nil : .whole(result)
    case .real(let value): return .real(-value)
    }
  }

  static func + (a: Number, b: Number) -> Number? {
    combine(a, b, { $0.addingReportingOverflow($1) }, { $0 + $1 })
  }

  static func - (a: Number, b: Number) -> Number? {
    combine(a, b, { $0.subtractingReportingOverflow($1) }, { $0 - $1 })
  }

  static func * (a: Number, b: Number) -> Number? {
    combine(a, b, { $0.multipliedReportingOverflow(by: $1) }, { $0 * $1 })
  }

  /// True division: whole only when it comes out even.
  static func / (a: Number, b: Number) -> Number {
    if case .whole(let x) = a, case .whole(let y) = b, y != 0 {
      let (quotient, overflow) = x.dividedReportingOverflow(by: y)
      if !overflow, quotient * y == x { return .whole(quotient) }
    }
    return .real(a.double / b.double)
  }

  /// The power; whole for whole operands with an exponent that is not negative.
  static func power(_ a: Number, _ b: Number) -> Number? {
    guard case .whole(let base) = a, case .whole(var exponent) = b, exponent >= 0 else {
      return .real(pow(a.double, b.double))
    }
    if base == 0 || base == 1 { return .whole(exponent == 0 ? 1 : base) }
    if base == -1 { return .whole(exponent % 2 == 0 ? 1 : -1) }
    guard exponent < 64 else { return nil }
    var result: Int64 = 1
    while exponent > 0 {
      let (product, overflow) = result.multipliedReportingOverflow(by: base)
      if overflow { return nil }
      result = product
      exponent -= 1
    }
    return .whole(result)
  }

  /// Whether `a` is less than `b`; whole numbers compare exactly.
  static func < (a: Number, b: Number) -> Bool {
    if case .whole(let x) = a, case .whole(let y) = b { return x < y }
    return a.double < b.double
  }

  /// Whether both are the same number, as `2` and `2.0`.
  static func equals(_ a: Number, _ b: Number) -> Bool {
    if case .whole(let x) = a, case .whole(let y) = b { return x == y }
    return a.double == b.double
  }

  private static func combine(
    _ a: Number, _ b: Number, _ whole: (Int64, Int64) -> (Int64, Bool),
    _ real: (Double, Double) -> Double
  ) -> Number? {
    if case .whole(let x) = a, case .whole(let y) = b {
      let (result, overflow) = whole(x, y)
      return overflow ? nil : .whole(result)
    }
    return .real(real(a.double, b.double))
  }
}

private func realText(_ value: Double) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  return value.description
}
