/// Why a text is not JSON: what was expected, and the offset of the byte where something else
/// stands.
package struct JSONParsingError: Error, Hashable, Sendable {
  /// What was expected; lower case, no full stop.
  package let message: String
  /// The byte, from 0.
  package let offset: Int
}

extension JSONText {
  /// The value a UTF-8 text stands for, with members in order and repeated names kept.
  ///
  /// A whole number that fits Int is `integer`, any other `number`.
  /// - Throws: JSONParsingError for anything RFC 8259 forbids, broken UTF-8, and nesting beyond 64.
  /// - Complexity: O(bytes).
  package init(parsing bytes: [UInt8]) throws(JSONParsingError) {
    var parser = JSONParser(bytes)
    self = try parser.document()
  }
}

/// A parser by recursive descent with bounded depth.
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONParsingError) -> JSONText {
    let result = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw error("expected the end") }
    return result
  }

  private mutating func value(depth: Int) throws(JSONParsingError) -> JSONText {
    guard depth < 64 else { throw error("nested deeper than 64") }
    skipSpace()
    switch peek {
    case 0x7B: return try object(depth: depth)
    case 0x5B: return try array(depth: depth)
    case 0x22: return .string(try string())
    case 0x74: return try word("true", .bool(true))
    case 0x66: return try word("false", .bool(false))
    case 0x6E: return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONParsingError) -> JSONText {
    position += 1
    var members: [JSONText.Member] = []
    skipSpace()
    if take(0x7D) { return .object(members) }
    while true {
      skipSpace()
      guard peek == 0x22 else { throw error("expected a name in quotes") }
      let name = try string()
      skipSpace()
      guard take(0x3A) else { throw error("expected `:`") }
      members.append(JSONText.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take(0x7D) { return .object(members) }
      guard take(0x2C) else { throw error("expected `,` or `}`") }
    }
  }

  private mutating func array(depth: Int) throws(JSONParsingError) -> JSONText {
    position += 1
    var values: [JSONText] = []
    skipSpace()
    if take(0x5D) { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take(0x5D) { return .array(values) }
      guard take(0x2C) else { throw error("expected `,` or `]`") }
    }
  }

  private mutating func string() throws(JSONParsingError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case 0x22:
        guard let text = String(validating: content, as: UTF8.self) else {
          position = start
          throw error("expected UTF-8")
        }
        return text
      case 0x5C: try escape(into: &content)
      case 0..<0x20:
        position -= 1
        throw error("expected an escaped control character")
      default: content.append(byte)
      }
    }
    throw error("expected a closing quote")
  }

  private mutating func escape(into content: inout [UInt8]) throws(JSONParsingError) {
    let byte = peek
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: content.append(byte ?? 0)
    case 0x62: content.append(0x08)
    case 0x66: content.append(0x0C)
    case 0x6E: content.append(0x0A)
    case 0x72: content.append(0x0D)
    case 0x74: content.append(0x09)
    case 0x75:
      var code = try hexDigits()
      if (0xD800..<0xDC00).contains(code), take(0x5C), take(0x75) {
        let low = try hexDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw error("expected a low surrogate") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("expected a pair of surrogates") }
      content += Array(String(Character(scalar)).utf8)
    default:
      position -= 1
      throw error("expected an escape")
    }
  }

  private mutating func hexDigits() throws(JSONParsingError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("expected four hexadecimal digits")
      }
      code = code << 4 + UInt32(digit)
      position += 1
    }
    return code
  }

  private mutating func number() throws(JSONParsingError) -> JSONText {
    let start = position
    _ = take(0x2D)
    if !take(0x30) { try digits("expected a value") }
    var isWhole = true
    if take(0x2E) {
      isWhole = false
      try digits("expected a digit")
    }
    if peek == 0x65 || peek == 0x45 {
      isWhole = false
      position += 1
      if peek == 0x2B || peek == 0x2D { position += 1 }
      try digits("expected a digit")
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let whole = Int(text) { return .integer(whole) }
    guard let value = Double(text) else { throw error("expected a number") }
    return .number(value)
  }

  private mutating func digits(_ message: String) throws(JSONParsingError) {
    guard let first = peek, (0x30...0x39).contains(first) else { throw error(message) }
    while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
  }

  private mutating func word(
    _ text: String, _ value: JSONText
  ) throws(JSONParsingError) -> JSONText {
    guard bytes[position...].starts(with: text.utf8) else { throw error("expected a value") }
    position += text.utf8.count
    return value
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func error(_ message: String) -> JSONParsingError {
    JSONParsingError(message: message, offset: position)
  }
}
