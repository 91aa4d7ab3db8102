/// The texts that stand for a missing value; letters count as equal in both cases, an empty field
/// is always missing.
struct MissingMarkers {
  /// What files commonly write.
  static let common = MissingMarkers(["NA", "N/A", "nan", "null", "?"])

  private let markers: [[UInt8]]
  /// Whether a marker begins with a byte, so that most values are told from markers by one look.
  private var begins = [Bool](repeating: false, count: 256)

  /// Markers as given.
  init(_ texts: [String]) {
    markers = texts.map { $0.utf8.map(lowercased) }
    for marker in markers where !marker.isEmpty {
      begins[Int(marker[0])] = true
      if (0x61...0x7A).contains(marker[0]) { begins[Int(marker[0] - 0x20)] = true }
    }
  }

  /// Whether the bytes are a marker or nothing.
  func contain(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard let first = range.first else { return true }
    guard begins[Int(bytes[first])] else { return false }
    return markers.contains { $0.elementsEqual(bytes[range].lazy.map(lowercased)) }
  }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
}
