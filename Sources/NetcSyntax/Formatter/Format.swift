package import NetcCore

/// The canonical form of a file: one indentation, one spacing, at most one empty line; line breaks
/// and comments stay where the author put them. Formatting twice changes nothing, and the tree is
/// the same.
///
/// - Returns: nil when the file has syntax errors, which `parse` reports.
/// - Complexity: O(n) in its bytes.
package func formatted(_ file: SourceID, in sources: SourceMap) -> String? {
  let parsed = parse(file, in: sources)
  guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
  var formatter = Formatter(file, sources, parsed.unit)
  return formatter.text()
}

/// Writes tokens with canonical space between them.
private struct Formatter {
  private let bytes: [UInt8]
  private let tokens: [Token]
  private let starts: Set<UInt32>
  private var spacing = TokenSpacing()
  private var lines: [String] = []
  private var line = ""
  /// Whether nothing has been written on the present line.
  private var isAtLineStart = true
  /// What opened each bracket that is open, with the indentation of the line it stands on.
  private var open: [(kind: TokenKind, indent: Int)] = []
  private var indent = 0
  /// The indentation of the statement under way.
  private var statementIndent = 0

  init(_ file: SourceID, _ sources: SourceMap, _ unit: SourceUnit) {
    bytes = sources[file].utf8
    tokens = Lexer.tokens(of: file, in: sources).tokens
    starts = StatementStarts(unit).offsets
  }

  mutating func text() -> String {
    var end = 0
    for (index, token) in tokens.enumerated() {
      gap(from: end, to: Int(token.start), before: token)
      if token.kind == .endOfFile { break }
      write(token, index)
      end = Int(token.end)
    }
    finishLine()
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  /// Copies the comments and line breaks between two tokens.
  private mutating func gap(from start: Int, to end: Int, before token: Token) {
    var position = start
    var breaks = 0
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\n"):
        breaks += 1
        position += 1
      case UInt8(ascii: "/"):
        var stop = position
        while stop < end, bytes[stop] != UInt8(ascii: "\n") { stop += 1 }
        comment(String(decoding: bytes[position..<stop], as: UTF8.self), breaks, before: token)
        breaks = 0
        position = stop
      default: position += 1
      }
    }
    if breaks > 0, token.kind != .endOfFile { lineBreak(breaks, closes: token.kind.closes) }
  }

  private mutating func comment(_ text: String, _ breaks: Int, before token: Token) {
    let text = text.trimmedEnd
    if breaks > 0 || lines.isEmpty && isAtLineStart {
      lineBreak(breaks, closes: false)
      // A comment on its own line stands where the statement after it does.
      let own = starts.contains(token.start) || token.kind == .endOfFile || token.kind.closes
      line = String(repeating: " ", count: own ? blockIndent : continuationIndent) + text
      isAtLineStart = false
    } else {
      line += (line.isEmpty ? "" : "  ") + text
    }
  }

  /// Ends the line; more than one break keeps one empty line, but not after an opening or before a
  /// closing bracket.
  private mutating func lineBreak(_ count: Int, closes: Bool) {
    finishLine()
    let isAfterOpening =
      lines.last.map { $0.hasSuffix("{") || $0.hasSuffix("(") || $0.hasSuffix("[") } ?? true
    if count > 1, !closes, !isAfterOpening, lines.last?.isEmpty == false { lines.append("") }
  }

  private mutating func finishLine() {
    if !line.isEmpty { lines.append(line.trimmedEnd) }
    line = ""
    isAtLineStart = true
  }

  /// Where a statement of the innermost block stands.
  private var blockIndent: Int {
    (open.last { $0.kind == .leftBrace }?.indent).map { $0 + 2 } ?? 0
  }

  /// Where a line inside a statement stands: one step in, or one step inside the innermost bracket.
  private var continuationIndent: Int {
    if let last = open.last, last.kind != .leftBrace { return last.indent + 2 }
    return statementIndent + 2
  }

  private mutating func write(_ token: Token, _ index: Int) {
    let isStatement = starts.contains(token.start)
    if isStatement { statementIndent = blockIndent }
    if token.kind.closes, let last = open.popLast(), isAtLineStart { indent = last.indent }
    if isAtLineStart {
      if !token.kind.closes { indent = isStatement ? blockIndent : continuationIndent }
      line = String(repeating: " ", count: indent)
    } else if spacing.needsSpace(before: token, isStatement: isStatement, isInIndex: isInIndex) {
      line += " "
    }
    line += String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
    isAtLineStart = false
    if token.kind.opens {
      // A block belongs to its statement, however its header was broken.
      open.append((token.kind, token.kind == .leftBrace ? braceIndent : indent))
    }
    spacing.note(token)
  }

  /// The indentation of what a brace belongs to: the statement, or the line of a scan on a line of
  /// its own.
  private var braceIndent: Int {
    guard let last = open.last, last.kind != .leftBrace else {
      return max(statementIndent, min(indent, statementIndent + 2))
    }
    return indent
  }

  /// Whether the innermost bracket is an index or list.
  private var isInIndex: Bool { open.last?.kind == .leftBracket }
}

extension String {
  /// The text without blanks at its end.
  fileprivate var trimmedEnd: String {
    var scalars = unicodeScalars
    while let last = scalars.last, last == " " || last == "\t" || last == "\r" {
      scalars.removeLast()
    }
    return String(scalars)
  }
}

extension TokenKind {
  /// Whether it opens a bracket.
  var opens: Bool { self == .leftParenthesis || self == .leftBrace || self == .leftBracket }
  /// Whether it closes one.
  var closes: Bool { self == .rightParenthesis || self == .rightBrace || self == .rightBracket }
}
