import NetcCore

/// Cuts a file's bytes into tokens; always reaches the end and reports what it cannot read.
struct Lexer {
  let file: SourceID
  let bytes: [UInt8]
  var position = 0
  var list = TokenList()
  /// Whether no token has been made on this line yet.
  var isAtLineStart = true
  /// The doc comment waiting for a token.
  var pendingDocumentation: (lines: [String], start: Int, end: Int)?
  /// How many newlines followed the last doc comment line.
  var newlinesSinceDocumentation = 0

  /// The tokens of a file.
  /// - Complexity: O(n) in its bytes.
  static func tokens(of file: SourceID, in sources: SourceMap) -> TokenList {
    var lexer = Lexer(file: file, bytes: sources[file].utf8)
    lexer.list.tokens.reserveCapacity(lexer.bytes.count / 4)
    lexer.skipByteOrderMark()
    while lexer.position < lexer.bytes.count { lexer.step() }
    lexer.finish()
    return lexer.list
  }

  private init(file: SourceID, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  /// Reads one token, comment or run of blanks; at least one byte.
  private mutating func step() {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
    case UInt8(ascii: "\n"): newline(length: 1)
    case UInt8(ascii: "\r"): newline(length: self.byte(1) == UInt8(ascii: "\n") ? 2 : 1)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      name()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: "\""): string()
    case 0x80...: unicode()
    default: symbol(byte)
    }
  }

  private mutating func skipByteOrderMark() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private mutating func newline(length: Int) {
    position += length
    isAtLineStart = true
    newlinesSinceDocumentation += 1
  }

  private mutating func finish() {
    let end = UInt32(truncatingIfNeeded: bytes.count)
    isAtLineStart = true
    emit(.endOfFile, from: Int(end), to: Int(end))
  }
}

extension Lexer {
  /// The byte `offset` after the present one; 0 beyond the end.
  func byte(_ offset: Int) -> UInt8 {
    let index = position + offset
    return index >= 0 && index < bytes.count ? bytes[index] : 0
  }

  /// The scalar at a byte offset and its length; nil at the end.
  func scalar(at offset: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    guard offset < bytes.count else { return nil }
    if bytes[offset] < 0x80 { return (Unicode.Scalar(bytes[offset]), 1) }
    var decoder = UTF8()
    var iterator = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
    if case .scalarValue(let scalar) = decoder.decode(&iterator) {
      return (scalar, UTF8.width(scalar))
    }
    return ("\u{FFFD}", 1)
  }

  /// The range between two byte offsets.
  func range(_ start: Int, _ end: Int) -> SourceRange {
    SourceRange(
      file: file, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end))
  }

  /// The text between two byte offsets.
  func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// Appends a token and hands it the doc comment that waits.
  mutating func emit(
    _ kind: TokenKind, word: Word? = nil, from start: Int, to end: Int, payload: Int = 0
  ) {
    if let waiting = pendingDocumentation {
      let text = waiting.lines.joined(separator: "\n")
      list.documentation[list.tokens.count] = (text, range(waiting.start, waiting.end))
      pendingDocumentation = nil
    }
    list.tokens.append(
      Token(
        kind: kind, word: word, isFirstOnLine: isAtLineStart,
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
        payload: payload))
    isAtLineStart = false
  }

  /// Records what is wrong with the text, up to the number of errors worth reading.
  mutating func report(_ diagnostic: Diagnostic) {
    if list.diagnostics.count < ParserLimits.errors { list.diagnostics.append(diagnostic) }
  }
}

extension UTF8 {
  /// How many bytes encode a scalar.
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x80: 1
    case 0x80..<0x800: 2
    case 0x800..<0x10000: 3
    default: 4
    }
  }
}
