/// A character pasted from a slide or a text editor, and what is typed in its place.
struct Lookalike: Sendable {
  /// The ASCII spelling.
  let ascii: String
  /// The token it is read as, so that parsing goes on; nil leaves it out.
  let meant: TokenKind?

  /// What stands for a character that has a single ASCII spelling.
  static func find(_ scalar: Unicode.Scalar) -> Lookalike? {
    if let entry = table[scalar] { return Lookalike(ascii: entry.0, meant: entry.1) }
    // Full-width forms repeat ASCII from `!` to `~`.
    if (0xFF01...0xFF5E).contains(scalar.value), let ascii = Unicode.Scalar(scalar.value - 0xFEE0) {
      let text = String(Character(ascii))
      return Lookalike(ascii: text, meant: Lexer.single(UInt8(ascii: ascii)))
    }
    return nil
  }

  /// The closing quote that belongs to an opening one.
  static func closingQuote(_ opening: Unicode.Scalar) -> Unicode.Scalar? {
    switch opening {
    case "\u{201C}", "\u{201D}": "\u{201D}"
    case "\u{201E}", "\u{201F}": "\u{201C}"
    case "\u{2018}", "\u{2019}": "\u{2019}"
    case "\u{00AB}": "\u{00BB}"
    case "\u{FF02}": "\u{FF02}"
    case "'": "'"
    default: nil
    }
  }

  /// The digit or minus that a raised character stands for.
  static func raised(_ scalar: Unicode.Scalar) -> Character? {
    switch scalar.value {
    case 0xB2: "2"
    case 0xB3: "3"
    case 0xB9: "1"
    case 0x2070: "0"
    case 0x2074...0x2079: Character(Unicode.Scalar(UInt8(0x30 + scalar.value - 0x2070)))
    case 0x207B: "-"
    default: nil
    }
  }

  private static let table: [Unicode.Scalar: (String, TokenKind?)] = [
    "\u{2212}": ("-", .minus), "\u{2010}": ("-", .minus), "\u{2011}": ("-", .minus),
    "\u{2013}": ("-", .minus), "\u{2014}": ("-", .minus),
    "\u{D7}": ("*", .star), "\u{B7}": ("*", .star), "\u{22C5}": ("*", .star),
    "\u{2219}": ("*", .star), "\u{2022}": ("*", .star), "\u{2299}": ("*", .star),
    "\u{2218}": ("*", .star), "\u{2217}": ("*", .star),
    "\u{F7}": ("/", .slash), "\u{2215}": ("/", .slash), "\u{2044}": ("/", .slash),
    "\u{2264}": ("<=", .lessOrEqual), "\u{2A7D}": ("<=", .lessOrEqual),
    "\u{2265}": (">=", .greaterOrEqual), "\u{2A7E}": (">=", .greaterOrEqual),
    "\u{2260}": ("!=", .notEqual), "\u{2261}": ("==", .equalEqual),
    "\u{2192}": ("->", .arrow), "\u{2190}": ("=", .equal), "\u{2254}": ("=", .equal),
    "\u{2026}": ("...", .ellipsis), "\u{25B7}": ("|>", .pipe), "\u{25B6}": ("|>", .pipe),
    "\u{2227}": ("and", .and), "\u{2228}": ("or", .or), "\u{AC}": ("not", .not),
    "\u{221E}": ("inf", .name), "\u{3001}": (",", .comma),
  ]
}
