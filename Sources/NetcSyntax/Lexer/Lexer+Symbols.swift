import NetcCore

extension Lexer {
  /// Reads a symbol, a comment, or a spelling of another language; the longest match wins.
  mutating func symbol(_ first: UInt8) {
    let second = byte(1)
    switch (Character(Unicode.Scalar(first)), Character(Unicode.Scalar(second))) {
    case ("'", _): foreignString(closing: "'", openingLength: 1)
    case ("/", "/"): comment()
    case ("/", "*"): blockComment()
    case (".", "."): dots()
    case (".", "0"..."9"): leadingDot()
    case ("|", ">"): take(.pipe, 2)
    case ("-", ">"): take(.arrow, 2)
    case ("=", "="): take(.equalEqual, 2)
    case ("!", "="): take(.notEqual, 2)
    case ("<", "="): take(.lessOrEqual, 2)
    case (">", "="): take(.greaterOrEqual, 2)
    default:
      let kind = Lexer.single(first)
      let mayBeForeign = kind == nil || second == UInt8(ascii: "=") || second == UInt8(ascii: ">")
      if mayBeForeign || first == UInt8(ascii: "*"), foreign(first, second) { return }
      if let kind { take(kind, 1) } else { unknown() }
    }
  }

  private mutating func take(_ kind: TokenKind, _ length: Int) {
    emit(kind, from: position, to: position + length)
    position += length
  }

  /// `...`, `..<`, and the spellings of a range that are not the language's.
  private mutating func dots() {
    if byte(2) == UInt8(ascii: ".") { return take(.ellipsis, 3) }
    if byte(2) == UInt8(ascii: "<") { return take(.halfOpen, 3) }
    let length = byte(2) == UInt8(ascii: "=") ? 3 : 2
    report(.foreignRange(text(position, position + length), at: range(position, position + length)))
    take(.halfOpen, length)
  }

  /// Reads an operator that other languages have; false when there is none here.
  private mutating func foreign(_ first: UInt8, _ second: UInt8) -> Bool {
    guard let entry = ForeignOperator.find(first, second) else { return false }
    let length = entry.spelling.utf8.count
    let place = range(position, position + length)
    report(.foreignOperator(entry, at: place))
    if entry.isComment {
      position = endOfLine(from: position)
    } else if let kind = entry.meant {
      take(kind, length)
    } else {
      position += length
    }
    return true
  }

  /// The token one ASCII character makes.
  static func single(_ byte: UInt8) -> TokenKind? {
    switch Character(Unicode.Scalar(byte)) {
    case "+": .plus
    case "-": .minus
    case "*": .star
    case "/": .slash
    case "^": .caret
    case "@": .at
    case "<": .less
    case ">": .greater
    case "=": .equal
    case "(": .leftParenthesis
    case ")": .rightParenthesis
    case "{": .leftBrace
    case "}": .rightBrace
    case "[": .leftBracket
    case "]": .rightBracket
    case ",": .comma
    case ":": .colon
    case ".": .dot
    default: nil
    }
  }

  /// Skips a run of one character that no program contains.
  mutating func unknown() {
    guard let (scalar, length) = scalar(at: position) else { return }
    let start = position
    while let next = self.scalar(at: position), next.scalar == scalar { position += length }
    report(.unknownCharacter(scalar, at: range(start, position)))
  }
}
