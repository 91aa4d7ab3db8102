import NetcCore
import NetcSyntax

/// Where the numbers of an input stand, as the labels of `data` say.
extension Lowering {
  /// The calls that are selectors.
  static let selectors = [
    "column", "columns", "window", "shifted", "pixels", "folder", "mask", "class_weight",
  ]

  /// What an argument of `data` selects; nil after reporting that it is nothing of the sort.
  ///
  /// `standardize` takes the selector's own word on it.
  mutating func selector(of expression: Expression, _ standardize: inout Bool?) -> DataSelector? {
    if case .call(let path, let arguments) = expression.kind {
      switch path.text {
      case "column", "columns":
        return columns(path.text, arguments, expression.range, &standardize)
      case "window":
        return wholeNumber(path.text, arguments, expression.range, atLeast: 1).map { .window($0) }
      case "shifted":
        return wholeNumber(path.text, arguments, expression.range, atLeast: 0).map { .shifted($0) }
      case "class_weight": return classWeight(arguments, expression.range)
      case "pixels", "folder", "mask":
        guard let extra = arguments.first else {
          return path.text == "pixels" ? .pixels : path.text == "folder" ? .folder : .mask
        }
        fail(
          .dataArgument, "`\(path.text)` takes no argument", at: extra.range,
          help: ["write `\(path.text)()`"])
        return nil
      default: break
      }
    }
    switch dataValue(evaluate(expression), at: expression.range) {
    case nil: return nil
    case .string(let name)?: return .named(name)
    case let rows?: return .values(rows)
    }
  }

  private mutating func columns(
    _ callee: String, _ arguments: [Argument], _ range: SourceRange, _ standardize: inout Bool?
  ) -> DataSelector? {
    let isSingle = callee == "column"
    var references: [DataColumnReference] = []
    for item in arguments {
      if let label = item.label {
        guard label.text == "standardize", !isSingle else {
          reportUnknownOption(label, of: callee)
          continue
        }
        standardize = evaluate(item.value) == .bool(true)
      } else if let reference = columnReference(item.value, isSingle: isSingle) {
        references.append(reference)
      }
    }
    guard isSingle else { return .columns(references) }
    guard references.count == 1 else {
      if references.isEmpty, !arguments.isEmpty { return nil }
      fail(
        .dataArgument, "`column` names one column", at: range,
        help: ["several side by side are `columns(…)`"])
      return nil
    }
    return .column(references[0])
  }

  private mutating func classWeight(
    _ arguments: [Argument], _ range: SourceRange
  ) -> DataSelector? {
    let labels = model.inputs.filter { if case .classes = $0.element { true } else { false } }
    if arguments.count == 1, arguments[0].label == nil,
      case .path(let path) = arguments[0].value.kind,
      labels.contains(where: { $0.name == path.text })
    {
      return .classWeight(path.text)
    }
    fail(
      .dataArgument, "`class_weight` takes the name of an input of classes", at: range,
      help: labels.isEmpty
        ? ["declare one, as `input y: class(3)[batch]`"]
        : ["there are " + labels.map { "`\($0.name)`" }.joined(separator: ", ")])
    return nil
  }

  /// A column named by a string or a number from 0; nil after reporting anything else.
  mutating func columnReference(
    _ arguments: [Argument], _ range: SourceRange
  ) -> DataColumnReference? {
    guard arguments.count == 1, arguments[0].label == nil else {
      fail(
        .trainArgument, "`column` names one column", at: range, help: ["write `column(\"part\")`"])
      return nil
    }
    return columnReference(arguments[0].value, isSingle: true)
  }

  /// The one whole number that a selector takes.
  private mutating func wholeNumber(
    _ callee: String, _ arguments: [Argument], _ range: SourceRange, atLeast minimum: Int
  ) -> Int? {
    for case let label? in arguments.map(\.label) {
      reportUnknownOption(label, of: callee)
      return nil
    }
    guard arguments.count == 1 else {
      fail(
        .dataArgument, "`\(callee)` takes one number", at: range,
        help: [callee == "window" ? "write `window(64)`" : "write `shifted(1)`"])
      return nil
    }
    let value = evaluate(arguments[0].value)
    if value.isPoison { return nil }
    guard case .number(let number) = value, let whole = number.integer, whole >= minimum,
      whole < 1 << 24
    else {
      fail(
        .dataArgument,
        "`\(callee)` takes a whole number from \(minimum), found \(value.description)",
        at: arguments[0].value.range)
      return nil
    }
    return whole
  }

  private mutating func reportUnknownOption(_ label: Name, of callee: String) {
    let meant = Meant(
      label.text, at: label.range, among: callee == "columns" ? ["standardize"] : [])
    fail(
      .unknownLabel, "`\(callee)` has no argument `\(label.text)`", at: label.range,
      help: meant.help, fixes: meant.fixes)
  }

  private mutating func columnReference(
    _ expression: Expression, isSingle: Bool
  ) -> DataColumnReference? {
    let value = evaluate(expression)
    switch value {
    case .poison: return nil
    case .string(let name): return .name(name)
    case .range(let lower, let upper) where !isSingle && lower >= 0 && lower <= upper:
      return .range(lower: lower, upper: upper)
    default:
      if let index = value.dimension?.constant, index >= 0 { return .index(index) }
      fail(
        .dataArgument,
        "a column is named by a string, a number from 0 or a range, found \(value.description)",
        at: expression.range, help: ["write \"name\", `0` or `0..<4`"])
      return nil
    }
  }

  /// A value as data readers take it; nil after reporting that it is of another sort.
  mutating func dataValue(_ value: Value, at range: SourceRange) -> DataValue? {
    switch value {
    case .poison: return nil
    case .number(let number): return .number(number.double)
    case .string(let text): return .string(text)
    case .bool(let flag): return .bool(flag)
    case .list(let values):
      var items: [DataValue] = []
      items.reserveCapacity(values.count)
      for item in values {
        guard let converted = dataValue(item, at: range) else { return nil }
        items.append(converted)
      }
      return .list(items)
    default:
      fail(
        .dataArgument,
        "a data set takes numbers, strings, truth values and lists, found \(value.description)",
        at: range)
      return nil
    }
  }
}
