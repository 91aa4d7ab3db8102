/// Finds reserved and contextual words by their bytes.
enum Keywords {
  /// What a word is when it is not just a name.
  struct Entry: Sendable {
    /// The token it makes.
    let kind: TokenKind
    /// The contextual word it spells.
    let word: Word?
  }

  /// Up to nine bytes in two machine words, so that a look-up hashes integers and not text.
  private struct Key: Hashable {
    let low: UInt64
    let high: UInt8

    init?(_ bytes: ArraySlice<UInt8>) {
      guard bytes.count <= 9 else { return nil }
      var low: UInt64 = 0
      for byte in bytes.prefix(8) { low = low << 8 | UInt64(byte) }
      self.low = low
      high = bytes.count == 9 ? bytes[bytes.startIndex + 8] : 0
    }
  }

  private static let table: [Key: Entry] = {
    var table: [Key: Entry] = [:]
    for kind in TokenKind.reserved {
      if let key = Key(Array(kind.spelling.utf8)[...]) { table[key] = Entry(kind: kind, word: nil) }
    }
    for word in Word.allCases {
      if let key = Key(Array(word.rawValue.utf8)[...]) {
        table[key] = Entry(kind: .name, word: word)
      }
    }
    return table
  }()

  /// The word these bytes spell; nil for an ordinary name.
  static func entry(_ bytes: ArraySlice<UInt8>) -> Entry? {
    guard let key = Key(bytes) else { return nil }
    return table[key]
  }
}
