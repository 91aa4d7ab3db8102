/// A canonical prefix code of DEFLATE: short codes are found by one look, longer ones bit by bit.
struct HuffmanTable: Sendable {
  /// Bits of the longest code.
  static let longest = 15
  /// The code of literals and lengths that blocks may take without bringing one.
  static let fixedLiterals = HuffmanTable(
    trusted: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  /// The code of distances that goes with it.
  static let fixedDistances = HuffmanTable(trusted: [UInt8](repeating: 5, count: 30))

  private static let lookBits = 9
  /// By the next nine bits: the symbol times 16 plus its length; 0 for longer codes.
  private var looks = [UInt16](repeating: 0, count: 1 << HuffmanTable.lookBits)
  /// How many codes have each length.
  private var counts = [Int](repeating: 0, count: HuffmanTable.longest + 1)
  /// Symbols by length, then by number.
  private var symbols: [UInt16] = []

  /// The code of these lengths, 0 for symbols without a code; nil when lengths ask for more codes
  /// than there are.
  init?(_ lengths: [UInt8]) {
    self.init(trusted: lengths)
    var free = 1
    for length in 1...HuffmanTable.longest {
      free = free * 2 - counts[length]
      if free < 0 { return nil }
    }
  }

  private init(trusted lengths: [UInt8]) {
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    var code = 0
    for length in 1...HuffmanTable.longest {
      for (symbol, own) in lengths.enumerated() where Int(own) == length {
        symbols.append(UInt16(symbol))
        note(code, length, symbol)
        code += 1
      }
      code <<= 1
    }
  }

  /// Enters a short code at every place whose first bits it is; codes come highest bit first.
  private mutating func note(_ code: Int, _ length: Int, _ symbol: Int) {
    guard length <= HuffmanTable.lookBits, code < 1 << length else { return }
    var reversed = 0
    for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
    for place in stride(from: reversed, to: looks.count, by: 1 << length) {
      looks[place] = UInt16(symbol << 4 | length)
    }
  }

  /// The symbol whose code comes next, and the code's length; nil when there is none.
  func symbol(_ bits: UInt64) -> (symbol: Int, length: Int)? {
    let look = looks[Int(truncatingIfNeeded: bits) & (1 << HuffmanTable.lookBits - 1)]
    if look > 0 { return (Int(look >> 4), Int(look & 15)) }
    var code = 0
    var first = 0
    var index = 0
    for length in 1...HuffmanTable.longest {
      code |= Int(bits >> UInt64(length - 1) & 1)
      let count = counts[length]
      if code - count < first {
        let place = index + code - first
        return symbols.indices.contains(place) ? (Int(symbols[place]), length) : nil
      }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    return nil
  }
}
