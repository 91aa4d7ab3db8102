import NetcCore
import NetcSyntax

extension Lowering {
  /// Makes what a file declares for all of it known: constants, definitions, instances,
  /// derivatives.
  mutating func declare(_ unit: SourceUnit, module: Int) {
    for statement in unit.statements { declare(statement, module) }
    for statement in unit.statements {
      if case .gradient(let name, let parameters, let body) = statement.kind {
        declareGradient(name, parameters, body, module)
      }
    }
  }

  private mutating func declare(_ statement: Statement, _ module: Int) {
    switch statement.kind {
    case .const(let declared):
      for constant in declared where isNew(constant.name, isCallable: false, module) {
        modules[module].constants[constant.name.text] = constants.count
        constants.append(
          ConstantRecord(name: constant.name, expression: constant.value, module: module))
      }
    case .function(let definition): declare(definition, .function, module)
    case .layer(let definition): declare(definition, .layer, module)
    case .rule(let definition): declare(definition, .rule, module)
    case .instance(let name, let chain):
      if isNew(name, isCallable: true, module) {
        modules[module].callables[name.text] = .instance(name, chain)
      }
    case .input(let name, _): note(name.text, name.range, module)
    case .parameter(let path, _, _), .state(let path, _, _): note(path.text, path.range, module)
    case .let(let binding), .var(let binding):
      for name in binding.names { note(name.text, name.range, module) }
    case .import(let path, let alias): importFile(path, alias: alias, into: module)
    default: break
    }
  }

  private mutating func note(_ name: String, _ range: SourceRange, _ module: Int) {
    if modules[module].values[name] == nil { modules[module].values[name] = range }
  }

  private mutating func declare(
    _ definition: Definition, _ sort: DefinitionRecord.Sort, _ module: Int
  ) {
    guard isNew(definition.name, isCallable: true, module) else { return }
    let parameters = definition.signature.parameters.map { ParameterShape($0) }
    if !modules[module].isStandard { checkOrder(definition) }
    var words: Set<String> = []
    for parameter in parameters {
      for type in parameter.types { type.listedWord.map { _ = words.insert($0) } }
    }
    modules[module].callables[definition.name.text] = .definition(definitions.count)
    definitions.append(
      DefinitionRecord(
        sort: sort, syntax: definition, module: module, parameters: parameters, words: words,
        gradient: nil, effects: nil,
        differentiated: Mentions(definition.body.statements).differentiated))
  }

  /// Required tensors, then required settings, then everything with a default.
  private mutating func checkOrder(_ definition: Definition) {
    var names: Set<String> = []
    var stage = 0
    for parameter in definition.signature.parameters {
      let shape = ParameterShape(parameter)
      let own = shape.hasDefault ? 2 : shape.isOpen ? 0 : 1
      if !names.insert(shape.name).inserted {
        fail(
          .parameterTwice, "`\(definition.name.text)` has two parameters `\(shape.name)`",
          at: parameter.name.range)
      }
      if own < stage {
        fail(
          .parameterOrder, "`\(shape.name)` stands in the wrong place", at: parameter.name.range,
          help: ["the order is tensors, then settings, then everything with a default"])
      }
      stage = max(stage, own)
      checkWords(parameter)
    }
  }

  /// A single bare name that is no type is a misspelt type, not a word.
  private mutating func checkWords(_ parameter: Parameter) {
    guard parameter.types.count == 1 || parameter.types[0].dimensions != nil else { return }
    for type in parameter.types {
      guard case .named(let name) = type.element, type.dimensions != nil || type.listedWord != nil,
        elementKind(type) == nil, type.dimensions != nil || parameter.types.count == 1
      else { continue }
      let meant = Meant(
        name.text, at: name.range,
        among: ["float", "int", "bool", "string", "dims", "fn", "class"], foreign: .types,
        otherwise: "types are float, int, bool, string, dims, fn and class(…)")
      fail(
        .unknownType, "there is no type `\(name.text)`", at: name.range, help: meant.help,
        fixes: meant.fixes)
    }
  }

  private mutating func isNew(_ name: Name, isCallable: Bool, _ module: Int) -> Bool {
    let isKnown =
      isCallable
      ? modules[module].callables[name.text] != nil : modules[module].constants[name.text] != nil
    if isKnown {
      fail(
        .declaredTwice, "`\(name.text)` is declared twice", at: name.range,
        help: ["choose another name for one of them"])
    }
    return !isKnown
  }

  private mutating func declareGradient(
    _ name: Name, _ parameters: [Name], _ body: Block, _ module: Int
  ) {
    guard case .definition(let place)? = modules[module].callables[name.text],
      definitions[place].sort == .function
    else {
      fail(
        .gradientOfNothing, "`gradient \(name.text)` belongs to a `fn` of this file",
        at: name.range,
        help: ["declare `fn \(name.text)(…)` beside it; layers cannot have one"])
      return
    }
    definitions[place].gradient = GradientRecord(
      name: name, parameters: parameters, body: body,
      differentiated: Mentions(body.statements).differentiated)
  }
}
