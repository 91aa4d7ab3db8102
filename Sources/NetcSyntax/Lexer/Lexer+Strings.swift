import NetcCore

extension Lexer {
  /// Reads a string, which ends on its own line.
  mutating func string() {
    let start = position
    if byte(1) == UInt8(ascii: "\""), byte(2) == UInt8(ascii: "\"") { return tripleQuotes() }
    position += 1
    var value: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        checkHidden(from: start, to: position)
        return emitString(String(decoding: value, as: UTF8.self), from: start)
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        return unterminated(value, from: start)
      case UInt8(ascii: "\\"): escape(into: &value)
      case 0..<0x20 where byte != UInt8(ascii: "\t"), 0x7F:
        unknown()
      default:
        value.append(byte)
        position += 1
      }
    }
    unterminated(value, from: start)
  }

  /// Reads `“text”` or `'text'`, quotes that other texts and languages have.
  mutating func foreignString(closing: Unicode.Scalar, openingLength: Int) {
    let start = position
    var end = start + openingLength
    while let next = scalar(at: end), next.scalar != "\n", next.scalar != "\r" {
      if next.scalar == closing {
        let value = text(start + openingLength, end)
        position = end + next.length
        report(.foreignQuotes(value, at: range(start, position)))
        return emitString(value, from: start)
      }
      end += next.length
    }
    unknown()
  }

  mutating func emitString(_ value: String, from start: Int) {
    list.strings.append(StringLiteral(value, range(start, position)))
    emit(.string, from: start, to: position, payload: list.strings.count - 1)
  }

  private mutating func unterminated(_ value: [UInt8], from start: Int) {
    report(.unterminatedString(at: range(start, position)))
    emitString(String(decoding: value, as: UTF8.self), from: start)
  }

  /// Skips a text in three quotes up to the next three, or to the end of the line.
  private mutating func tripleQuotes() {
    let start = position
    position += 3
    let quote = UInt8(ascii: "\"")
    var end = position
    while end < bytes.count,
      !(bytes[end] == quote && bytes[end...].prefix(3).elementsEqual([quote, quote, quote]))
    {
      end += 1
    }
    let isClosed = end < bytes.count
    report(.tripleQuotes(at: range(start, start + 3)))
    position = isClosed ? end + 3 : endOfLine(from: position)
    emitString("", from: start)
  }

  /// Reads one escape into `value`; an unknown one stands for itself.
  private mutating func escape(into value: inout [UInt8]) {
    let start = position
    let letter = byte(1)
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      value.append(letter)
      position += 2
    case UInt8(ascii: "n"):
      value.append(UInt8(ascii: "\n"))
      position += 2
    case UInt8(ascii: "t"):
      value.append(UInt8(ascii: "\t"))
      position += 2
    case UInt8(ascii: "u"): unicodeEscape(into: &value)
    default:
      position += 1
      guard let next = scalar(at: position), next.scalar != "\n", next.scalar != "\r" else {
        return
      }
      let end = position + next.length
      report(.unknownEscape(text(start, end), at: range(start, end)))
      if next.scalar != "\"" { position = end }
    }
  }

  /// Reads `\u{3B7}`.
  private mutating func unicodeEscape(into value: inout [UInt8]) {
    let start = position
    position += 2
    var code: UInt32 = 0
    var digits = 0
    if byte(0) == UInt8(ascii: "{") {
      position += 1
      while let digit = Character(Unicode.Scalar(byte(0))).hexDigitValue, digits < 8 {
        code = code << 4 | UInt32(digit)
        digits += 1
        position += 1
      }
    }
    let isClosed = byte(0) == UInt8(ascii: "}")
    if isClosed { position += 1 }
    if isClosed, digits > 0, digits <= 6, let scalar = Unicode.Scalar(code) {
      value += Array(String(Character(scalar)).utf8)
    } else {
      report(.unknownEscape(text(start, position), at: range(start, position)))
    }
  }
}
