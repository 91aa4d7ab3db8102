import NetcCore
import NetcSyntax

extension Lowering {
  /// The value of an argument as its parameter takes it; nil after reporting that it fits no
  /// alternative.
  mutating func accept(
    _ given: ArgumentValue, _ parameter: ParameterShape, of callee: String, _ site: CallSite
  ) -> Value? {
    if given.value.isPoison { return nil }
    for type in parameter.types {
      if let value = acceptSetting(given.value, type) { return value }
    }
    for type in parameter.types where type.dimensions != nil {
      switch acceptTensor(given, type, parameter, of: callee, site) {
      case .taken(let value): return value
      case .refused: return nil
      case .otherKind: continue
      }
    }
    reportKind(given, parameter, of: callee)
    return nil
  }

  /// The value as a setting of this type; nil when it is none.
  private func acceptSetting(_ value: Value, _ type: TypeExpression) -> Value? {
    if case .function = type.element {
      if case .callable = value { return value }
      return nil
    }
    guard let word = type.word else { return nil }
    switch (word, value) {
    case ("int", .number(let number)): return number.integer.map(Value.whole)
    case ("int", .dim), ("float", .number), ("float", .dim), ("bool", .bool), ("string", .string):
      return value
    case ("float", .tensor(let tensor)):
      return tensor.shape.rank == 0 && (tensor.kind == .float || tensor.kind == .int) ? value : nil
    case ("dims", .list(let values)): return values.allSatisfy { $0.dimension != nil } ? value : nil
    case ("dims", .range(let lower, let upper)) where lower <= upper && upper - lower < 1000:
      return .list((lower..<upper).map(Value.whole))
    case ("dims", _): return value.dimension == nil ? nil : .list([value])
    case (_, .word(let given)): return given == word && type.listedWord != nil ? value : nil
    default: return nil
    }
  }

  private enum TensorAcceptance {
    case taken(Value)
    case refused
    case otherKind
  }

  private mutating func acceptTensor(
    _ given: ArgumentValue, _ type: TypeExpression, _ parameter: ParameterShape,
    of callee: String, _ site: CallSite
  ) -> TensorAcceptance {
    let wanted = elementKind(type)
    switch given.value {
    case .number, .dim:
      guard case .named(let name) = type.element, name.text == "float" || name.text == "int",
        type.takesScalars
      else { return .otherKind }
      return matches(type, .scalar, parameter, given, of: callee, site)
        ? .taken(given.value) : .refused
    case .bool:
      guard wanted == .bool, type.takesScalars else { return .otherKind }
      return .taken(given.value)
    case .list:
      guard let tensor = constantTensor(given.value, at: given.range) else { return .refused }
      return acceptTensor(
        ArgumentValue(value: .tensor(tensor), range: given.range), type, parameter, of: callee, site
      )
    case .tensor(let tensor):
      guard fits(tensor.kind, type) else { return .otherKind }
      if case .classes(let classes) = tensor.kind,
        !matchClasses(type, classes, parameter, given, of: callee)
      {
        return .refused
      }
      return matches(type, tensor.shape, parameter, given, of: callee, site)
        ? .taken(given.value) : .refused
    default: return .otherKind
    }
  }

  /// The kind a type's element names; nil for classes, functions and words.
  func elementKind(_ type: TypeExpression) -> Kind? {
    guard case .named(let name) = type.element else { return nil }
    switch name.text {
    case "float": return .float
    case "int": return .int
    case "bool": return .bool
    default: return nil
    }
  }

  private func fits(_ kind: Kind, _ type: TypeExpression) -> Bool {
    if case .classes = kind {
      if case .classes = type.element { return true }
      return false
    }
    return elementKind(type) == kind
  }

  private mutating func reportKind(
    _ given: ArgumentValue, _ parameter: ParameterShape, of callee: String
  ) {
    var help: [String] = []
    var fixes: [Diagnostic.Fix] = []
    if case .tensor(let tensor) = given.value {
      let wantsFloat = parameter.types.contains { elementKind($0) == .float }
      let wantsInt = parameter.types.contains { elementKind($0) == .int }
      var target = tensor.kind != .float && wantsFloat ? "float" : nil
      if case .classes = tensor.kind, wantsInt { target = "int" }
      if let target {
        let converted = applying(target, "", to: given.range)
        help = ["convert it: `\(converted.text)`"]
        fixes = [converted.fix]
      }
    }
    let found: String
    if case .tensor(let tensor) = given.value {
      found = tensor.typeText
    } else {
      found = given.value.description
    }
    fail(
      .argumentKind,
      "`\(callee)` expects `\(parameter.name)` to be \(typesText(parameter.types)), found \(found)",
      at: given.range, help: help, fixes: fixes)
  }

  private func typesText(_ types: [TypeExpression]) -> String {
    types.map { sources.text($0.range) }.joined(separator: " or ")
  }
}

extension TypeExpression {
  /// Whether a scalar may have this type: no brackets, empty ones, or only `...` between them.
  var takesScalars: Bool {
    guard let dimensions else { return true }
    return dimensions.allSatisfy { if case .rest = $0.kind { true } else { false } }
  }
}
