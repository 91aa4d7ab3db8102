/// How a number stands in a binary file.
struct ElementFormat: Hashable, Sendable {
  /// What sort of number it is.
  enum Kind: Hashable, Sendable { case unsigned, signed, float }

  let kind: Kind
  /// Bytes of a number: 1, 2, 4 or 8.
  let size: Int
  let isBigEndian: Bool

  /// The numbers that `bytes` hold from a place on; fewer when the bytes end before.
  /// - Complexity: O(count).
  func values(_ bytes: [UInt8], from start: Int, count: Int) -> StoredArray.Values {
    let available = max(0, bytes.count - start) / size
    let count = min(max(0, count), available)
    if kind == .unsigned, size == 1 {
      let isWhole = start == 0 && count == bytes.count
      return .bytes(isWhole ? bytes : Array(bytes[start..<start + count]))
    }
    return bytes.withUnsafeBytes { raw in
      switch (kind, size) {
      case (.float, 2): .floats((0..<count).map { half(UInt16(word(raw, start + $0 * 2))) })
      case (.float, 4):
        .floats((0..<count).map { Float(bitPattern: UInt32(word(raw, start + $0 * 4))) })
      case (.float, _): .doubles((0..<count).map { Double(bitPattern: word(raw, start + $0 * 8)) })
      case (.unsigned, _):
        .integers((0..<count).map { Int64(clamping: word(raw, start + $0 * size)) })
      case (.signed, _):
        .integers(
          (0..<count).map { place in
            let unused = 64 - 8 * size
            return Int64(bitPattern: word(raw, start + place * size) << unused) >> unused
          })
      }
    }
  }

  private func word(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
    var result: UInt64 = 0
    for place in 0..<size {
      result = result << 8 | UInt64(bytes[isBigEndian ? start + place : start + size - 1 - place])
    }
    return result
  }

  /// A number of IEEE 754's 16 bits.
  private func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
