import NetcCore
import NetcSyntax

/// What a parameter was given, evaluated.
struct ArgumentValue: Sendable {
  var value: Value
  var range: SourceRange
}

extension Lowering {
  /// Evaluates what a definition's parameters were given, in the caller's frame; nil after a
  /// mistake was reported.
  mutating func argumentValues(
    _ slots: [Supplied?], of place: Int, _ site: CallSite
  ) -> [ArgumentValue?]? {
    var values: [ArgumentValue?] = []
    values.reserveCapacity(slots.count)
    var isFine = true
    let parameters = definitions[place].parameters
    for index in slots.indices {
      guard let slot = slots[index] else {
        values.append(nil)
        continue
      }
      let value: Value
      switch slot {
      case .value(let given, _): value = given
      case .expression(let expression): value = evaluateArgument(expression, parameters[index])
      case .sizes(let expressions): value = .list(expressions.map { evaluate($0) })
      }
      if value.isPoison { isFine = false }
      values.append(ArgumentValue(value: value, range: slot.range))
    }
    return isFine ? values : nil
  }

  /// Evaluates an argument for a parameter, whose type may list words or take a callable.
  mutating func evaluateArgument(_ expression: Expression, _ parameter: ParameterShape) -> Value {
    if case .path(let path) = expression.kind, let name = path.single?.text,
      parameter.types.contains(where: { $0.isWord(name) && $0.listedWord != nil })
    {
      return .word(name)
    }
    wordsHere = parameter.types.compactMap(\.listedWord)
    defer { wordsHere = [] }
    let takesFunction = parameter.types.contains {
      if case .function = $0.element { true } else { false }
    }
    if takesFunction { return evaluateCallable(expression) ?? evaluate(expression) }
    return evaluate(expression)
  }

  /// A callable written as an argument: `relu`, `leaky_relu(slope: 0.2)`; nil when the text is
  /// none.
  private mutating func evaluateCallable(_ expression: Expression) -> Value? {
    switch expression.kind {
    case .path(let path):
      if frame.binding(path.text) != nil { return nil }
      guard let callable = callable(path) else { return .poison }
      return .callable(callable)
    case .call(let path, let arguments):
      guard let callable = callable(path) else { return .poison }
      return preset(callable, arguments, range: expression.range).map { .callable($0) } ?? .poison
    default: return nil
    }
  }

  /// Declares a definition's parameters in the current frame: settings first, then tensors, whose
  /// types bind sizes.
  /// - Returns: false after a mistake was reported.
  mutating func bindValues(_ values: [ArgumentValue?], of place: Int, _ site: CallSite) -> Bool {
    let name = definitions[place].name
    let parameters = definitions[place].parameters
    let syntax = definitions[place].syntax.signature.parameters
    var isFine = true
    for pass in 0...1 {
      for index in parameters.indices where parameters[index].isOpen == (pass == 1) {
        let given: ArgumentValue
        if let value = values[index] {
          given = value
        } else if let expression = syntax[index].defaultValue {
          given = ArgumentValue(
            value: evaluateArgument(expression, parameters[index]), range: expression.range)
        } else {
          continue
        }
        guard let value = accept(given, parameters[index], of: name, site) else {
          isFine = false
          continue
        }
        declareArgument(
          syntax[index].name, value, isOpen: parameters[index].isOpen, given: given.range)
      }
    }
    return isFine && checkPostponedSizes(of: place, site)
  }

  private mutating func declareArgument(
    _ name: Name, _ value: Value, isOpen: Bool, given: SourceRange
  ) {
    if case .callable(let callable) = value {
      frame.declare(name.text, callable: callable)
    }
    frame.declare(
      name.text,
      Binding(
        role: isOpen ? .argument : .setting, value: value, range: name.range, given: given))
  }
}
