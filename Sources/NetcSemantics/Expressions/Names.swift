import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// The value a path names; `poison` after a mistake was reported.
  mutating func value(of path: Path) -> Value {
    let text = path.text
    if isDoubtful(path.first.text) { return .poison }
    if frame.isInType, let size = frame.sizes[text] { return .size(size.dim) }
    if let binding = frame.binding(text) { return value(binding) }
    if frame.words.contains(text) { return .word(text) }
    if let size = frame.sizes[text] { return .size(size.dim) }
    if let place = modules[frame.module].constants[text] { return constant(place) }
    if let value = predefined(text) { return value }
    if let loss = loss(text) { return loss }
    if let parameter = parameterValue(path) { return parameter }
    return reportUnknownName(path)
  }

  /// Whether a name of the user's may have been declared in text that could not be read.
  func isDoubtful(_ name: String) -> Bool {
    (doubt.isEverywhere || doubt.names.contains(name)) && !modules[frame.module].isStandard
  }

  private mutating func value(_ binding: Binding) -> Value {
    switch binding.role {
    case .state(let name): return stateValues[name].map { .tensor($0.value) } ?? binding.value
    default: return binding.value
    }
  }

  private mutating func predefined(_ text: String) -> Value? {
    switch text {
    case "training": return .bool(isTraining)
    case "inf": return .number(.real(.infinity))
    case "nan": return .number(.real(.nan))
    case "pi": return .number(.real(.pi))
    case "none": return Value.none
    case "step": return stepValue()
    default: return nil
    }
  }

  private mutating func stepValue() -> Value {
    guard frame.body != .constant else { return .poison }
    return .tensor(tensor(optimizerStep()))
  }

  private func loss(_ text: String) -> Value? {
    guard frame.body == .top, let record = losses.first(where: { $0.name == text }) else {
      return nil
    }
    return record.value
  }

  /// The parameter or state of that path below the current instance, once it has been made.
  private mutating func parameterValue(_ path: Path) -> Value? {
    guard frame.body == .top || frame.body == .layer, !path.rest.isEmpty else { return nil }
    var candidates = [frame.path + path.text]
    if case .instance(let place)? = findCallable(path.first.text)?.target {
      let rest = path.rest.map(\.text).joined(separator: ".")
      candidates.append(instances[place].path + "." + rest)
      candidates.append(instances[place].path + "." + withOrdinals(path.rest.map(\.text)))
    }
    candidates.append(frame.path + withOrdinals(path.names.map(\.text)))
    for name in candidates {
      if let parameter = parameters.value(name) { return .tensor(parameter) }
      if let state = stateValues[name] { return .tensor(state.value) }
    }
    return nil
  }

  /// A path whose instances have their ordinals: one without takes `_1`.
  private func withOrdinals(_ parts: [String]) -> String {
    let instances = parts.dropLast().map { part in
      let tail = part.split(separator: "_").last.map(String.init) ?? ""
      return Int(tail) == nil ? part + "_1" : part
    }
    return (instances + parts.suffix(1)).joined(separator: ".")
  }

  private mutating func reportUnknownName(_ path: Path) -> Value {
    let text = path.text
    if let declared = modules[frame.module].values[path.first.text] {
      let note = Diagnostic.Label(declared, "declared here")
      if frame.body == .top {
        return fail(
          .usedBeforeDeclared, "`\(text)` is used before its line", at: path.range, notes: [note],
          help: ["values are visible after their declaration: move it up"])
      }
      return fail(
        .notVisibleInBody, "the body of a definition does not see `\(text)`", at: path.range,
        notes: [note],
        help: ["pass it as an argument; bodies see constants, functions and layers"])
    }
    if findCallable(path.first.text) != nil {
      if !path.rest.isEmpty {
        let rest = path.rest.map(\.text).joined(separator: ".")
        return fail(
          .unknownParameter, "`\(path.first.text)` has no parameter `\(rest)` yet", at: path.range,
          help: ["parameters of an instance exist after its first application"])
      }
      return fail(
        .callableAsValue, "`\(text)` is a function: apply it, or pass it to a setting of type fn",
        at: path.range)
    }
    let meant = Meant(text, at: path.range, among: valueNames)
    return fail(
      .unknownName, "there is no value `\(text)`", at: path.range, help: meant.help,
      fixes: meant.fixes)
  }

  private var valueNames: [String] {
    (frame.candidates + wordsHere + Array(modules[frame.module].constants.keys)
      + ["training", "step", "inf", "nan", "pi", "none"]).sorted()
  }

  /// The value of a constant, evaluated at its first use; `poison` in a cycle.
  mutating func constant(_ place: Int) -> Value {
    switch constants[place].state {
    case .known(let value): return value
    case .evaluating:
      let name = constants[place].name
      fail(
        .constantCycle, "`\(name.text)` depends on itself", at: name.range,
        help: ["break the cycle of constants"])
      constants[place].state = .known(.poison)
      return .poison
    case .untouched:
      constants[place].state = .evaluating
      let record = constants[place]
      var value = inFrame(Frame(.constant, module: record.module)) { lowering in
        lowering.inGraph(GraphBuilder(), number: -2) { $0.evaluate(record.expression) }.result
      }.result
      if case .tensor = value {
        value = fail(
          .notCompileTime, "a constant must be known while the program is compiled",
          at: record.expression.range, help: ["use `let` for values computed at run time"])
      }
      if case .known = constants[place].state { return .poison }
      constants[place].state = .known(value)
      return value
    }
  }
}
