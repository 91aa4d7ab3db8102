/// A number of bytes as people write it: `4096`, `50MB`, `1.5GB`, `64MiB`.
enum ByteCount {
  private static let units: [(name: String, bytes: Double)] = [
    ("", 1), ("b", 1), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12),
    ("kib", 1024), ("mib", 1_048_576), ("gib", 1_073_741_824), ("tib", 1_099_511_627_776),
  ]

  /// The bytes, rounded down; nil for other texts, less than a byte or 2^53 and more.
  static func parsed(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let rest = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard digits.first?.isNumber ?? false, let number = Double(digits),
      let unit = units.first(where: { $0.name == rest })
    else { return nil }
    let bytes = number * unit.bytes
    return bytes >= 1 && bytes < 0x1p53 ? Int(bytes) : nil
  }
}
