import NetcCore
import NetcSyntax

extension Lowering {
  /// The inputs that a `data` statement asks to be standardised inside the model.
  ///
  /// `standardize: true` covers float inputs bound by `columns(…)`, and never those bound by
  /// `column(…)`; `columns(…, standardize: …)` decides for one input.
  mutating func standardizedInputs(_ statements: [Statement]) -> Set<String> {
    var names: Set<String> = []
    for case .data(_, _, let arguments) in statements.map(\.kind) {
      let whole =
        arguments.first { $0.label?.text == "standardize" }
        .map { evaluate($0.value) == .bool(true) } ?? false
      for argument in arguments {
        guard let label = argument.label, case .call(let path, let inner) = argument.value.kind,
          path.text == "columns"
        else { continue }
        let own = inner.first { $0.label?.text == "standardize" }
          .map { evaluate($0.value) == .bool(true) }
        if own ?? whole { names.insert(label.text) }
      }
    }
    return names
  }

  /// Adds what a `data` statement asks for to the model. Called once all inputs are known.
  mutating func declareData(_ name: Name, reader: Path, _ arguments: [Argument], range: SourceRange)
  {
    if let known = model.data.first(where: { $0.name == name.text }) {
      fail(
        .dataTwice, "the data set `\(name.text)` is declared twice", at: name.range,
        notes: known.range.map { [Diagnostic.Label($0, "declared here first")] } ?? [],
        help: ["give one of them another name"])
      return
    }
    var request = DataRequest(
      name: name.text, reader: reader.text, bindings: [], range: range)
    for argument in arguments {
      guard let label = argument.label else {
        declarePath(argument.value, in: &request)
        continue
      }
      if let input = model.inputs.first(where: { $0.name == label.text }) {
        if let binding = dataBinding(input, argument) { request.bindings.append(binding) }
      } else if isSelector(argument.value) {
        reportUnknownInput(label)
      } else if let value = dataValue(evaluate(argument.value), at: argument.value.range) {
        request.options.append(DataOption(label.text, value, range: argument.range))
      }
    }
    model.data.append(request)
  }

  private mutating func declarePath(_ expression: Expression, in request: inout DataRequest) {
    guard request.path == nil else {
      fail(
        .dataArgument, "`\(request.reader)` takes one path; what else it reads is labelled",
        at: expression.range, help: ["write `INPUT: columns(…)` or `OPTION: VALUE`"])
      return
    }
    let value = evaluate(expression)
    if value.isPoison { return }
    guard case .string(let path) = value else {
      fail(
        .dataArgument, "the path of a data set is a string, found \(value.description)",
        at: expression.range, help: ["write the path in quotes, relative to this file"])
      return
    }
    request.path = path
    request.pathRange = expression.range
  }

  private mutating func reportUnknownInput(_ label: Name) {
    let names = model.inputs.map(\.name)
    let near = suggestion(for: label.text, among: names)
    fail(
      .unknownInput, "the program has no input `\(label.text)` to feed", at: label.range,
      help: [
        near.map { "did you mean `\($0)`?" }
          ?? "inputs are " + names.map { "`\($0)`" }.joined(separator: ", ")
      ],
      fixes: near.map { [Diagnostic.Fix(label.range, $0)] } ?? [])
  }

  /// Whether the expression says where numbers stand: `column(…)` or `columns(…)`.
  private func isSelector(_ expression: Expression) -> Bool {
    if case .call(let path, _) = expression.kind {
      ["column", "columns"].contains(path.text)
    } else {
      false
    }
  }

  private mutating func dataBinding(_ input: ModelInput, _ argument: Argument) -> DataBinding? {
    var rowShape = input.type.shape
    if input.isBatched { rowShape.dims.removeFirst() }
    var standardize: Bool?
    let selector: DataSelector
    if case .call(let path, let inner) = argument.value.kind, isSelector(argument.value) {
      var references: [DataColumnReference] = []
      for item in inner {
        if let label = item.label {
          guard label.text == "standardize", path.text == "columns" else {
            reportUnknownOption(label, of: path.text)
            continue
          }
          standardize = evaluate(item.value) == .bool(true)
        } else if let reference = columnReference(item.value, isSingle: path.text == "column") {
          references.append(reference)
        }
      }
      if path.text == "column", references.count != 1 {
        if references.isEmpty { return nil }
        fail(
          .dataArgument, "`column` names one column", at: argument.value.range,
          help: ["several side by side are `columns(…)`"])
        return nil
      }
      selector = path.text == "column" ? .column(references[0]) : .columns(references)
    } else {
      let value = evaluate(argument.value)
      guard let rows = dataValue(value, at: argument.value.range) else { return nil }
      if case .string(let name) = rows { selector = .named(name) } else { selector = .values(rows) }
    }
    return DataBinding(
      input: input.name, element: input.element, rowShape: rowShape, selector: selector,
      standardize: standardize, range: argument.range)
  }

  private mutating func reportUnknownOption(_ label: Name, of callee: String) {
    let near = suggestion(for: label.text, among: ["standardize"])
    fail(
      .unknownLabel, "`\(callee)` has no argument `\(label.text)`", at: label.range,
      help: near.map { ["did you mean `\($0)`?"] } ?? [])
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
  private mutating func dataValue(_ value: Value, at range: SourceRange) -> DataValue? {
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
