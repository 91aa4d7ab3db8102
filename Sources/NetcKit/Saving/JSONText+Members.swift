import NetcCore

extension JSONText {
  /// The value of a text that netc wrote; nil when it is not JSON.
  init?(parsing text: String) {
    guard let value = try? JSONText(parsing: Array(text.utf8)) else { return nil }
    self = value
  }

  /// The members of an object; empty for any other value.
  var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The values of an array; nil for any other value.
  var elements: [JSONText]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The member of a name; nil for any other value than an object that has it.
  subscript(name: String) -> JSONText? { members.first { $0.name == name }?.value }

  /// The text of a string.
  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A whole number as it is written.
  var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// A number, exactly as it was before it was written.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
