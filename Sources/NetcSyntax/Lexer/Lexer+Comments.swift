import NetcCore

extension Lexer {
  /// Reads `//` or `///` to the end of the line.
  mutating func comment() {
    let start = position
    let end = endOfLine(from: start)
    checkHidden(from: start, to: end)
    let isDocumentation = byte(2) == UInt8(ascii: "/") && byte(3) != UInt8(ascii: "/")
    if isDocumentation, isAtLineStart {
      documentation(from: start, to: end)
    } else if !isAtLineStart, !isDocumentation {
      noteDivision(from: start, to: end)
    }
    position = end
  }

  /// Skips `/* … */`, which the language does not have.
  mutating func blockComment() {
    let start = position
    position += 2
    while position < bytes.count,
      !(bytes[position] == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/"))
    {
      position += 1
    }
    position = min(position + 2, bytes.count)
    report(.blockComment(at: range(start, start + 2)))
  }

  /// The offset of the line ending after `start`, or of the end of the file.
  func endOfLine(from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") {
      end += 1
    }
    return end
  }

  /// Adds a line to the waiting doc comment; an empty line before it begins a new one.
  private mutating func documentation(from start: Int, to end: Int) {
    var first = start + 3
    if first < end, bytes[first] == UInt8(ascii: " ") { first += 1 }
    let line = text(first, end)
    if pendingDocumentation != nil, newlinesSinceDocumentation <= 1 {
      pendingDocumentation?.lines.append(line)
      pendingDocumentation?.end = end
    } else {
      pendingDocumentation = ([line], start, end)
    }
    newlinesSinceDocumentation = 0
  }

  /// Keeps a comment that is one number or one name right after an operand, for the check of `//`.
  private mutating func noteDivision(from start: Int, to end: Int) {
    guard let last = list.tokens.last, last.kind.endsOperand else { return }
    var first = start + 2
    var after = end
    while first < after, isBlank(bytes[first]) { first += 1 }
    while after > first, isBlank(bytes[after - 1]) { after -= 1 }
    guard first < after else { return }
    let isNumber = bytes[first] >= UInt8(ascii: "0") && bytes[first] <= UInt8(ascii: "9")
    let fits = isNumber ? isPlainNumber(first, after) : endOfName(from: first) == after
    guard fits else { return }
    list.divisions.append(
      TokenList.DivisionComment(
        range: range(start, after), divisor: text(first, after), isNumber: isNumber,
        dividend: list.tokens.count - 1))
  }

  private func isPlainNumber(_ start: Int, _ end: Int) -> Bool {
    bytes[start..<end].allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: ".")
    } && bytes[end - 1] != UInt8(ascii: ".")
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
