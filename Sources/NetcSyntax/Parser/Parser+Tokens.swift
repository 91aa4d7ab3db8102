import NetcCore

extension Parser {
  /// What the present token is; the end of the file after an error.
  var kind: TokenKind { hasFailed ? .endOfFile : list.tokens[position].kind }
  /// The contextual word the present token spells.
  var word: Word? { hasFailed ? nil : list.tokens[position].word }
  /// The present token.
  var current: Token { list.tokens[position] }
  /// The range of the present token.
  var here: SourceRange { range(of: current) }
  /// The offset after the last token that was read.
  var previousEnd: UInt32 { position > 0 ? list.tokens[position - 1].end : 0 }

  /// The token `offset` after the present one; the last token beyond the end.
  func token(_ offset: Int) -> Token {
    list.tokens[min(position + offset, list.tokens.count - 1)]
  }

  /// The range of a token.
  func range(of token: Token) -> SourceRange {
    SourceRange(file: file, start: token.start, end: token.end)
  }

  /// The range from an offset to the last token that was read.
  func range(from start: UInt32) -> SourceRange {
    SourceRange(file: file, start: start, end: previousEnd)
  }

  /// The text of a token as written.
  func text(of token: Token) -> String { source.text(from: token.start, to: token.end) }

  /// Where something is missing: the present token, or the last one read when that ends its line.
  var gap: SourceRange {
    guard position > 0, current.isFirstOnLine else { return here }
    return range(of: list.tokens[position - 1])
  }

  /// What stands in the place of what is missing; nil when the line ends there.
  var foundInLine: String? { position > 0 && current.isFirstOnLine ? nil : found }

  /// The present token in words: `` `x` ``, or `the end of the file`.
  var found: String {
    switch current.kind {
    case .endOfFile: return "the end of the file"
    case .name, .number, .string:
      let text = text(of: current)
      return text.count > 40 ? "`\(text.prefix(40))…`" : "`\(text)`"
    default: return "`\(current.kind.spelling)`"
    }
  }

  /// Goes to the next token, never beyond the last.
  mutating func advance() {
    if position < list.tokens.count - 1 { position += 1 }
  }

  /// Takes the present token when it is of this kind.
  mutating func accept(_ wanted: TokenKind) -> Bool {
    guard kind == wanted, wanted != .endOfFile else { return false }
    advance()
    return true
  }

  /// Takes the present token when it spells this word.
  mutating func accept(_ wanted: Word) -> Bool {
    guard let word, word == wanted else { return false }
    advance()
    return true
  }

  /// Takes a token of this kind, or fails saying `expected`.
  mutating func expect(_ wanted: TokenKind, _ expected: String, help: String? = nil) {
    if accept(wanted) || hasFailed { return }
    fail(.unexpected(found, expected: expected, help: help, at: gap))
  }

  /// Fails when the present token is a name on the same line, nearly one of these words.
  mutating func checkMisspelt(_ words: [String], expected: String) {
    guard kind == .name, !current.isFirstOnLine,
      let meant = suggestion(for: text(of: current), among: words)
    else { return }
    fail(
      .unexpected(found, expected: expected, help: "did you mean `\(meant)`?", fix: meant, at: here)
    )
  }

  /// A name; a reserved word is reported and taken for one, unless it begins the next line.
  mutating func name(_ expected: String) -> Name? {
    if kind == .name {
      let name = Name(spelling(of: current), here)
      advance()
      return name
    }
    if hasFailed { return nil }
    if kind.isReserved, !current.isFirstOnLine {
      report(.reservedWord(kind.spelling, at: here))
      let name = Name(kind.spelling, here)
      advance()
      return name
    }
    fail(.unexpected(found, expected: expected, at: gap))
    return nil
  }

  /// The text of a name, the micro sign µ (U+00B5) read as the letter μ (U+03BC).
  private func spelling(of token: Token) -> String {
    let text = text(of: token)
    guard text.unicodeScalars.contains("\u{B5}") else { return text }
    let folded = text.unicodeScalars.map { $0 == "\u{B5}" ? "\u{3BC}" : $0 }
    return String(String.UnicodeScalarView(folded))
  }

  /// Names with dots between them.
  mutating func path(_ expected: String) -> Path? {
    guard let first = name(expected) else { return nil }
    guard kind == .dot else { return Path(first) }
    var rest: [Name] = []
    while accept(.dot) {
      guard let next = name("a name after the dot") else { break }
      rest.append(next)
    }
    return Path(first, rest)
  }

  /// Paths with commas between them.
  mutating func paths(_ expected: String) -> [Path] {
    var paths: [Path] = []
    repeat {
      guard let next = path(expected) else { break }
      paths.append(next)
    } while accept(.comma)
    return paths
  }

  /// Strings with commas between them.
  mutating func strings(_ expected: String) -> [StringLiteral] {
    var strings: [StringLiteral] = []
    repeat {
      guard kind == .string else {
        if !hasFailed { fail(.unexpected(found, expected: expected, at: gap)) }
        break
      }
      strings.append(list.strings[current.payload])
      advance()
    } while accept(.comma)
    return strings
  }
}
