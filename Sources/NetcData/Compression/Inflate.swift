/// Undoes DEFLATE, the compression of zip entries and PNG images.
/// - Reference: RFC 1951.
struct Inflate {
  /// What a damaged stream is refused with.
  struct Damaged: Error {}

  private let source: ArraySlice<UInt8>
  private var place: Int
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private let limit: Int

  /// The bytes of a stream, at most `limit`.
  /// - Throws: Damaged for what is no DEFLATE stream, and for one that gives more bytes.
  /// - Complexity: O(bytes in and out).
  static func bytes(_ source: ArraySlice<UInt8>, limit: Int) throws(Damaged) -> [UInt8] {
    var inflate = Inflate(source, limit: limit)
    while true {
      let isLast = try inflate.take(1) == 1
      switch try inflate.take(2) {
      case 0: try inflate.stored()
      case 1: try inflate.block(.fixedLiterals, .fixedDistances)
      case 2:
        let (literals, distances) = try inflate.tables()
        try inflate.block(literals, distances)
      default: throw Damaged()
      }
      if isLast { return inflate.output }
    }
  }

  private init(_ source: ArraySlice<UInt8>, limit: Int) {
    self.source = source
    self.limit = limit
    place = source.startIndex
    // What a damaged head claims is no reason to take memory.
    output.reserveCapacity(min(limit, 1 << 24))
  }

  /// Holds at least so many bits ready; beyond the end they are 0.
  private mutating func refill() {
    while bitCount <= 56, place < source.endIndex {
      bits |= UInt64(source[place]) << UInt64(bitCount)
      place += 1
      bitCount += 8
    }
  }

  private mutating func take(_ count: Int) throws(Damaged) -> Int {
    if bitCount < count { refill() }
    guard bitCount >= count else { throw Damaged() }
    let value = Int(bits & (1 << UInt64(count) - 1))
    bits >>= UInt64(count)
    bitCount -= count
    return value
  }

  /// A block that is not compressed.
  private mutating func stored() throws(Damaged) {
    _ = try take(bitCount & 7)
    let length = try take(16)
    guard try take(16) == ~length & 0xFFFF, output.count + length <= limit else { throw Damaged() }
    for _ in 0..<length { output.append(UInt8(try take(8))) }
  }

  private mutating func symbol(_ table: HuffmanTable) throws(Damaged) -> Int {
    if bitCount < HuffmanTable.longest { refill() }
    guard let (symbol, length) = table.symbol(bits), length <= bitCount else { throw Damaged() }
    bits >>= UInt64(length)
    bitCount -= length
    return symbol
  }

  private mutating func block(
    _ literals: HuffmanTable, _ distances: HuffmanTable
  ) throws(Damaged) {
    while true {
      let symbol = try symbol(literals)
      if symbol < 256 {
        guard output.count < limit else { throw Damaged() }
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol < 286 else { throw Damaged() }
      let length = Inflate.lengths[symbol - 257] + (try take(Inflate.lengthBits[symbol - 257]))
      let code = try self.symbol(distances)
      guard code < 30 else { throw Damaged() }
      let distance = Inflate.distances[code] + (try take(Inflate.distanceBits[code]))
      guard distance <= output.count, output.count + length <= limit else { throw Damaged() }
      let start = output.count - distance
      for offset in 0..<length { output.append(output[start + offset]) }
    }
  }

  /// The tables a block brings, themselves compressed.
  private mutating func tables() throws(Damaged) -> (HuffmanTable, HuffmanTable) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let codeCount = try take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { throw Damaged() }
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<codeCount { codeLengths[Inflate.order[index]] = UInt8(try take(3)) }
    guard let codes = HuffmanTable(codeLengths) else { throw Damaged() }
    var lengths: [UInt8] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try symbol(codes)
      switch symbol {
      case 0..<16: lengths.append(UInt8(symbol))
      case 16:
        guard let last = lengths.last else { throw Damaged() }
        lengths += [UInt8](repeating: last, count: 3 + (try take(2)))
      case 17: lengths += [UInt8](repeating: 0, count: 3 + (try take(3)))
      default: lengths += [UInt8](repeating: 0, count: 11 + (try take(7)))
      }
    }
    guard lengths.count == literalCount + distanceCount, lengths[256] > 0,
      let literals = HuffmanTable(Array(lengths[..<literalCount])),
      let distances = HuffmanTable(Array(lengths[literalCount...]))
    else { throw Damaged() }
    return (literals, distances)
  }

  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]
}
