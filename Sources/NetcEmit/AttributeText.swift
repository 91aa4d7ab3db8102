import NetcCore
import NetcGraph

/// Compile-time arguments in the language's syntax.
enum AttributeText {
  /// The value as an argument; nil for bodies, which have no expression.
  static func text(_ value: AttributeValue) -> String? {
    switch value {
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .ints(let numbers): list(numbers.map(String.init))
    case .dim(let dim): dim.description
    case .dims(let dims): list(dims.map(\.description))
    case .number(let number): numberText(number.value)
    case .numbers(let numbers): list(numbers.map { numberText($0.value) })
    case .text(let text): quoted(text)
    case .element(let element): element.rawValue
    case .body: nil
    }
  }

  /// `label: value` for each attribute of an operation that is not at its default, in its own
  /// order.
  static func labelled(_ attributes: Attributes, of operation: any Operation) -> [String] {
    operation.attributeNames.compactMap { name in
      guard let value = attributes[name], value != operation.attributeDefaults[name],
        let text = text(value)
      else { return nil }
      return "\(name): \(text)"
    }
  }

  /// A string literal of the language.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20: result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func list(_ texts: [String]) -> String { "[\(texts.joined(separator: ", "))]" }
}
