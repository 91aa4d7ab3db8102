#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers for people.
enum NumberFormat {
  /// Four significant digits: `0.1234`, `12.34`, `1.234e-05`.
  static func figure(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0.0000" }
    let magnitude = abs(value)
    if magnitude < 1e-3 || magnitude >= 1e6 { return scientific(value) }
    let decimals = max(0, magnitude >= 1 ? 3 - Int(log10(magnitude)) : 4)
    return fixed(value, decimals)
  }

  /// With this many digits after the point, rounded half away from zero.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let scale = pow(10, Double(decimals))
    let scaled = (abs(value) * scale).rounded()
    let whole = Int((scaled / scale).rounded(.down))
    var text = String(whole)
    if decimals > 0 {
      let rest = Int(scaled - Double(whole) * scale)
      let digits = String(rest)
      text += "." + String(repeating: "0", count: max(0, decimals - digits.count)) + digits
    }
    return value < 0 && scaled > 0 ? "-" + text : text
  }

  /// `1.234e-05`
  private static func scientific(_ value: Double) -> String {
    var exponent = Int(floor(log10(abs(value))))
    var mantissa = fixed(value / pow(10, Double(exponent)), 3)
    if mantissa.hasPrefix("10") || mantissa.hasPrefix("-10") {
      exponent += 1
      mantissa = fixed(value / pow(10, Double(exponent)), 3)
    }
    let digits = String(abs(exponent))
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + (digits.count < 2 ? "0" : "") + digits
  }

  /// `12,345`
  static func grouped(_ value: Int) -> String {
    var digits = Array(String(value.magnitude))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// A rate as a whole number with groups.
  static func rate(_ value: Double) -> String {
    value.isFinite && value < 1e15 ? grouped(Int(value.rounded())) : "-"
  }

  /// `0:07`, `12:34`, `1:02:03`
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "-" }
    let whole = Int(max(0, seconds).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if whole >= 3600 { return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" }
    return "\(whole / 60):\(two(whole % 60))"
  }

  /// `1.2 kB`, `3.4 MB`: powers of 1000.
  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return unit == "B" ? "\(count) B" : "\(fixed(value, 1)) \(unit)" }
      value /= 1000
    }
    return "\(fixed(value, 1)) TB"
  }
}
