/// A piece of a graph's text.
struct GraphToken: Sendable {
  /// What a token is.
  enum Kind: Hashable, Sendable {
    /// A name or keyword.
    case word(String)
    /// An unsigned number as written.
    case number(String)
    /// The content of a quoted text.
    case text(String)
    /// The number after `%`.
    case value(Int)
    /// One character, or `..`.
    case mark(String)
    case end
  }

  let kind: Kind
  let line: Int
  let column: Int
}

/// Where and why a graph's text cannot be read.
package struct GraphReadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  package let line: Int
  /// The column in characters (Unicode scalars), from 1.
  package let column: Int
  /// What was found and expected: lower case, no full stop.
  package let message: String

  /// `3:14: message`.
  package var description: String { "\(line):\(column): \(message)" }
}

/// Splits a graph's text into tokens; `//` starts a comment that ends with the line.
struct GraphLexer {
  private let scalars: [Unicode.Scalar]
  private var place = 0
  private var line = 1
  private var column = 1

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// All tokens, the last of kind `end`.
  /// - Complexity: O(characters).
  static func tokens(_ text: String) throws(GraphReadError) -> [GraphToken] {
    var lexer = GraphLexer(text)
    var tokens: [GraphToken] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private var current: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  private mutating func advance() {
    if current == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
    place += 1
  }

  private mutating func next() throws(GraphReadError) -> GraphToken {
    skipBlanks()
    let start = (line: line, column: column)
    let kind = try nextKind()
    return GraphToken(kind: kind, line: start.line, column: start.column)
  }

  private mutating func skipBlanks() {
    while let scalar = current {
      if scalar == "/", place + 1 < scalars.count, scalars[place + 1] == "/" {
        while let rest = current, rest != "\n" {
          _ = rest
          advance()
        }
      } else if scalar.properties.isWhitespace {
        advance()
      } else {
        return
      }
    }
  }

  private mutating func nextKind() throws(GraphReadError) -> GraphToken.Kind {
    guard let scalar = current else { return .end }
    if scalar == "\"" { return .text(try quoted()) }
    if isDigit(scalar) { return .number(number()) }
    if scalar == "%" {
      advance()
      guard let digit = current, isDigit(digit) else { throw error("a number expected after `%`") }
      guard let value = Int(digits()), value <= Int(UInt32.max) else {
        throw error("a value's number is too large")
      }
      return .value(value)
    }
    if isWordPart(scalar) {
      var word = String.UnicodeScalarView()
      while let part = current, isWordPart(part) || isDigit(part) {
        word.append(part)
        advance()
      }
      return .word(String(word))
    }
    advance()
    if scalar == ".", current == "." {
      advance()
      return .mark("..")
    }
    return .mark(String(Character(scalar)))
  }

  private mutating func digits() -> String {
    var text = ""
    while let digit = current, isDigit(digit) {
      text.unicodeScalars.append(digit)
      advance()
    }
    return text
  }

  private mutating func number() -> String {
    var text = digits()
    if current == ".", place + 1 < scalars.count, isDigit(scalars[place + 1]) {
      advance()
      text += "." + digits()
    }
    if current == "e" || current == "E" {
      let sign =
        place + 1 < scalars.count && "+-".unicodeScalars.contains(scalars[place + 1]) ? 1 : 0
      if place + sign + 1 < scalars.count, isDigit(scalars[place + sign + 1]) {
        advance()
        text += "e"
        if sign == 1 {
          text.unicodeScalars.append(scalars[place])
          advance()
        }
        text += digits()
      }
    }
    return text
  }

  private mutating func quoted() throws(GraphReadError) -> String {
    var text = String.UnicodeScalarView()
    advance()
    while let scalar = current, scalar != "\"", scalar != "\n" {
      advance()
      text.append(scalar == "\\" ? try escaped() : scalar)
    }
    guard current == "\"" else { throw error("`\"` expected at the end of the text") }
    advance()
    return String(text)
  }

  private mutating func escaped() throws(GraphReadError) -> Unicode.Scalar {
    guard let scalar = current else { throw error("a character expected after `\\`") }
    advance()
    switch scalar {
    case "\"", "\\": return scalar
    case "n": return "\n"
    case "t": return "\t"
    case "u":
      var code = ""
      if current == "{" { advance() }
      while let part = current, part != "}", part != "\"", code.count < 8 {
        code.unicodeScalars.append(part)
        advance()
      }
      guard current == "}", let number = UInt32(code, radix: 16), let made = Unicode.Scalar(number)
      else { throw error("a character's number in braces expected after `\\u`") }
      advance()
      return made
    default: throw error("no character is written `\\\(scalar)`")
    }
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
      || scalar.properties.isXIDContinue && !isDigit(scalar)
  }

  private func error(_ message: String) -> GraphReadError {
    GraphReadError(line: line, column: column, message: message)
  }
}
