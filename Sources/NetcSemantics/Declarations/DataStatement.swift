import NetcCore
import NetcSyntax

extension Lowering {
  /// The inputs that a `data` statement asks to be standardised inside the model.
  ///
  /// `standardize: true` covers float inputs bound by `columns(…)`, and by a stored array or
  /// `pixels()` when a row of them has axes; never those bound by `column(…)`.
  /// `columns(…, standardize: …)` decides for one input.
  mutating func standardizedInputs(_ statements: [Statement]) -> Set<String> {
    var names: Set<String> = []
    for case .data(_, _, let arguments) in statements.map(\.kind) {
      let whole =
        arguments.first { $0.label?.text == "standardize" }
        .map { evaluate($0.value) == .bool(true) } ?? false
      for argument in arguments {
        guard let label = argument.label, label.text != "standardize" else { continue }
        if whole, argument.value.isStoredArray { standardizedArrays.insert(label.text) }
        guard case .call(let path, let inner) = argument.value.kind, path.text == "columns" else {
          continue
        }
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
    if case .list(let items) = value, let paths = paths(items), let first = paths.first {
      request.path = first
      request.morePaths = Array(paths.dropFirst())
      request.pathRange = expression.range
      return
    }
    guard case .string(let path) = value else {
      fail(
        .dataArgument, "the path of a data set is a string, found \(value.description)",
        at: expression.range, help: ["write the path in quotes, relative to this file"])
      return
    }
    request.path = path
    request.pathRange = expression.range
  }

  /// The strings of a list; nil when it holds anything else.
  private func paths(_ items: [Value]) -> [String]? {
    let paths = items.compactMap { if case .string(let path) = $0 { path } else { nil } }
    return paths.count == items.count ? paths : nil
  }

  private mutating func reportUnknownInput(_ label: Name) {
    if isDoubtful(label.text) { return }
    let names = model.inputs.map(\.name)
    let meant = Meant(
      label.text, at: label.range, among: names,
      otherwise: "inputs are " + names.map { "`\($0)`" }.joined(separator: ", "))
    fail(
      .unknownInput, "the program has no input `\(label.text)` to feed", at: label.range,
      help: meant.help, fixes: meant.fixes)
  }

  /// Whether the expression says where numbers stand, as `column(…)` or `window(…)`.
  private func isSelector(_ expression: Expression) -> Bool {
    guard case .call(let path, _) = expression.kind else { return false }
    return Self.selectors.contains(path.text)
  }

  private mutating func dataBinding(_ input: ModelInput, _ argument: Argument) -> DataBinding? {
    var rowShape = input.type.shape
    if input.isBatched { rowShape.dims.removeFirst() }
    var standardize: Bool?
    guard let selector = selector(of: argument.value, &standardize) else { return nil }
    return DataBinding(
      input: input.name, element: input.element, rowShape: rowShape, selector: selector,
      standardize: standardize, range: argument.range)
  }
}

extension Expression {
  /// Whether a binding names an array of a file, or asks for pixels.
  fileprivate var isStoredArray: Bool {
    switch kind {
    case .string: true
    case .call(let path, _): path.text == "pixels"
    default: false
    }
  }
}
