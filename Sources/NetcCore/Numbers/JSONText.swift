/// A JSON value that is only written, with members in the order given, so that equal values give
/// equal bytes.
package indirect enum JSONText: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// The shortest text that reads back exactly; NaN and the infinities are `null`, as JSON has no
  /// word for them.
  case number(Double)
  /// As `number`, with the shortest text that reads back as this 32-bit number.
  case float(Float)
  case string(String)
  case array([JSONText])
  case object([Member])

  /// A name with its value.
  package struct Member: Hashable, Sendable {
    /// The name, unescaped.
    package let name: String
    /// The value.
    package let value: JSONText

    /// A name with its value.
    package init(_ name: String, _ value: JSONText) {
      self.name = name
      self.value = value
    }
  }

  /// An object with its members in order.
  package static func object(_ members: KeyValuePairs<String, JSONText>) -> JSONText {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// The value on one line, without spaces.
  package var text: String {
    var result = ""
    write(to: &result)
    return result
  }

  /// `text` in quotes, with quotes, backslashes and control characters escaped.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? numberText(value) : "null"
    case .float(let value): text += value.isFinite ? JSONText.trimmed(value.description) : "null"
    case .string(let value): text += JSONText.quoted(value)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        text += JSONText.quoted(member.name) + ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func trimmed(_ number: String) -> String {
    number.hasSuffix(".0") ? String(number.dropLast(2)) : number
  }
}
