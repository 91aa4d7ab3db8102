/// The number a decimal text stands for, correctly rounded to double; nil when it is no number.
///
/// Takes an optional sign, digits with at most one point among or beside them, and an optional
/// exponent; no words, hexadecimals or separators of thousands. Beyond the range of double it gives
/// an infinity or zero.
///
/// Up to 2^53 in the digits and 10^22 in the exponent both are exact doubles and one operation
/// rounds once; longer texts go through the standard library.
/// - Reference: Clinger, "How to read floating point numbers accurately", PLDI 1990, section 3.
/// - Complexity: O(length).
package func decimal(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
  guard let parts = DecimalParts(bytes, range) else { return nil }
  let sign: Double = parts.isNegative ? -1 : 1
  if parts.isExact, parts.digits <= 1 << 53, abs(parts.exponent) <= 22 {
    let digits = Double(parts.digits)
    return sign
      * (parts.exponent < 0
        ? digits / powersOfTen[-parts.exponent] : digits * powersOfTen[parts.exponent])
  }
  let end = parts.exponentStart
  let digits = bytes[range.lowerBound..<end].filter { $0 >= 0x30 && $0 <= 0x39 }
  let text = String(decoding: digits, as: UTF8.self) + "e\(parts.writtenExponent - parts.fraction)"
  return Double(text).map { sign * $0 }
}

/// 10^0 to 10^22, all exact.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

/// A decimal text taken apart.
private struct DecimalParts {
  var isNegative = false
  /// The first 19 significant digits as a whole number.
  var digits: UInt64 = 0
  /// Whether `digits` holds all of them.
  var isExact = true
  /// How many digits follow the point.
  var fraction = 0
  /// The exponent after `e`, kept within ±10^6, where every double is infinite or zero.
  var writtenExponent = 0
  /// Where the digits end.
  var exponentStart: Int

  /// The power of ten `digits` is multiplied with.
  var exponent: Int { writtenExponent - fraction }

  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    var i = range.lowerBound
    let end = range.upperBound
    if i < end, bytes[i] == 0x2B || bytes[i] == 0x2D {
      isNegative = bytes[i] == 0x2D
      i += 1
    }
    var count = 0
    var hasPoint = false
    while i < end {
      let digit = bytes[i] &- 0x30
      if digit <= 9 {
        count += 1
        if hasPoint { fraction += 1 }
        if digits < 1_000_000_000_000_000_000 {
          digits = digits * 10 + UInt64(digit)
        } else {
          isExact = false
        }
      } else if bytes[i] == 0x2E, !hasPoint {
        hasPoint = true
      } else {
        break
      }
      i += 1
    }
    exponentStart = i
    guard count > 0 else { return nil }
    if i < end { guard readExponent(bytes, i..<end) else { return nil } }
  }

  private mutating func readExponent(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var i = range.lowerBound
    guard bytes[i] | 0x20 == 0x65 else { return false }
    i += 1
    var isNegative = false
    if i < range.upperBound, bytes[i] == 0x2B || bytes[i] == 0x2D {
      isNegative = bytes[i] == 0x2D
      i += 1
    }
    guard i < range.upperBound else { return false }
    while i < range.upperBound {
      let digit = bytes[i] &- 0x30
      guard digit <= 9 else { return false }
      writtenExponent = min(writtenExponent * 10 + Int(digit), 1_000_000)
      i += 1
    }
    if isNegative { writtenExponent = -writtenExponent }
    return true
  }
}
