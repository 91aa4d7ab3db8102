extension Lexer {
  /// Reads a name or a reserved word whose first scalar is known to begin one.
  mutating func name() {
    let start = position
    position = endOfName(from: start)
    let entry = Keywords.entry(bytes[start..<position])
    emit(entry?.kind ?? .name, word: entry?.word, from: start, to: position)
  }

  /// The offset after the scalars from `start` on that continue a name.
  func endOfName(from start: Int) -> Int {
    var end = start
    while end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        end += 1
      case 0x80...:
        guard let next = scalar(at: end), NameCharacters.continues(next.scalar) else { return end }
        end += next.length
      default: return end
      }
    }
    return end
  }
}
