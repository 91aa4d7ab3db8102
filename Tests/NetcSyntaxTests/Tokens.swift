/// A rough cut of a correct text into tokens, written apart from the compiler's own.
enum Tokens {
  /// The tokens of a text, comments left out.
  static func withoutComments(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first.isWhitespace {
        rest = rest.drop { $0.isWhitespace }
      } else if rest.hasPrefix("//") {
        rest = rest.drop { !$0.isNewline }
      } else {
        let length = length(of: rest)
        tokens.append(String(rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
    }
    return tokens
  }

  private static func length(of text: Substring) -> Int {
    for symbol in ["...", "..<", "|>", "->", "==", "!=", "<=", ">="] where text.hasPrefix(symbol) {
      return symbol.count
    }
    guard let first = text.first else { return 0 }
    if first == "\"" { return (text.dropFirst().prefix { $0 != "\"" }).count + 2 }
    if first.isLetter || first == "_" { return text.prefix { isPartOfName($0) }.count }
    if first.isNumber { return numberLength(text) }
    return 1
  }

  private static func numberLength(_ text: Substring) -> Int {
    let digits = text.prefix { $0.isNumber || $0 == "_" }.count
    var length = digits
    let rest = text.dropFirst(digits)
    if rest.first == ".", rest.dropFirst().first?.isNumber == true {
      length += 1 + rest.dropFirst().prefix { $0.isNumber || $0 == "_" }.count
    }
    let exponent = text.dropFirst(length)
    if exponent.first == "e" {
      let sign = exponent.dropFirst().first == "-" || exponent.dropFirst().first == "+" ? 1 : 0
      length += 1 + sign + exponent.dropFirst(1 + sign).prefix { $0.isNumber }.count
    }
    return length
  }

  private static func isPartOfName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "′"
  }
}

/// A small random generator with a seed.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
