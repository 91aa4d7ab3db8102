import NetcCore
import NetcGraph
import NetcSyntax

/// A function of the language written in Swift: a primitive operation or a question about values
/// while compiling.
struct Builtin: Sendable {
  /// The name it is called by.
  let name: String
  /// What it takes.
  let parameters: [ParameterShape]
  /// What it may do besides computing.
  let effects: Effects
  /// Gives its value for evaluated arguments, nil where one with a default is left out.
  let apply: @Sendable (inout Lowering, BuiltinCall) -> Value

  /// A builtin; parameters are written `x`, `axis:` (a setting), `axis?` (a setting with a
  /// default), `shape*` (sizes), `element=float|int` (a setting that takes these words).
  init(
    _ name: String, _ parameters: [String], effects: Effects = [],
    apply: @escaping @Sendable (inout Lowering, BuiltinCall) -> Value
  ) {
    self.name = name
    self.effects = effects
    self.apply = apply
    self.parameters = parameters.map { text in
      if let equal = text.firstIndex(of: "=") {
        var shape = ParameterShape(String(text[..<equal]), isOpen: false, hasDefault: true)
        shape.words = text[equal...].dropFirst().split(separator: "|").map(String.init)
        return shape
      }
      return switch text.last {
      case ":": ParameterShape(String(text.dropLast()), isOpen: false)
      case "?": ParameterShape(String(text.dropLast()), isOpen: false, hasDefault: true)
      case "*": ParameterShape(String(text.dropLast()), isOpen: true, isDims: true)
      default: ParameterShape(text, isOpen: true)
      }
    }
  }
}

/// The arguments of a builtin's call.
struct BuiltinCall: Sendable {
  /// The name it was called by.
  let name: String
  /// One for each parameter; nil where one is left out.
  let arguments: [Operand?]
  /// The whole call.
  let range: SourceRange

  /// The argument at a place, which is there: binding has checked it.
  subscript(place: Int) -> Operand {
    guard let argument = arguments[place] else {
      internalError("builtin \(name): argument \(place) is missing")
    }
    return argument
  }

  /// The argument at a place, if it was given.
  func optional(_ place: Int) -> Operand? { arguments[place] }
}

extension Lowering {
  /// Evaluates what a builtin's parameters were given and applies it.
  mutating func apply(_ builtin: Builtin, _ slots: [Supplied?], _ site: CallSite) -> Value {
    var arguments: [Operand?] = []
    var isFine = true
    for (slot, parameter) in zip(slots, builtin.parameters) {
      guard let slot else {
        arguments.append(nil)
        continue
      }
      let value: Value
      switch slot {
      case .value(let given, _): value = given
      case .expression(let expression):
        if case .path(let path) = expression.kind, parameter.words.contains(path.text) {
          value = .word(path.text)
        } else {
          value = evaluate(expression)
        }
      case .sizes(let expressions): value = .list(expressions.map { evaluate($0) })
      }
      if value.isPoison { isFine = false }
      arguments.append(Operand(parameter.isDims ? sizes(value) : value, slot.range))
    }
    guard isFine else { return .poison }
    setOrigin(site.range)
    return builtin.apply(
      &self, BuiltinCall(name: site.name, arguments: arguments, range: site.range))
  }

  private func sizes(_ value: Value) -> Value {
    if case .range(let lower, let upper) = value, upper - lower < 1000 {
      return .list((lower..<upper).map(Value.whole))
    }
    return value.dimension == nil ? value : .list([value])
  }

  /// The sizes of a list; nil after reporting that the value is none.
  mutating func shape(_ side: Operand) -> Shape? {
    guard case .list(let values) = sizes(side.value) else {
      fail(
        .notWhole, "a list of sizes is needed, found \(side.value.description)", at: side.range,
        help: ["write `[2, 3]`, or `shape(x)`"])
      return nil
    }
    var dims: [Dim] = []
    for value in values {
      guard let size = size(value, at: side.range) else { return nil }
      dims.append(size)
    }
    return Shape(dims)
  }

  /// The whole numbers of a list; nil after reporting that the value is none.
  mutating func wholes(_ side: Operand) -> [Int]? {
    guard let shape = shape(side) else { return nil }
    guard let sizes = shape.sizes else {
      fail(.notCompileTime, "whole numbers known while compiling are needed", at: side.range)
      return nil
    }
    return sizes
  }

  /// An axis counted from 0; nil after reporting that the tensor has none of that number.
  mutating func axis(_ side: Operand, rank: Int) -> Int? {
    guard let place = wholeNumber(side.value, at: side.range) else { return nil }
    let axis = place < 0 ? place + rank : place
    guard axis >= 0, axis < rank else {
      fail(
        .axisOutside, "there is no axis \(place) in a tensor of rank \(rank)", at: side.range,
        help: rank == 0 ? [] : ["axes are 0 to \(rank - 1), or -1 to -\(rank) from the end"])
      return nil
    }
    return axis
  }

  /// A truth value known while compiling; nil after reporting that it is none.
  mutating func flag(_ side: Operand?, _ fallback: Bool) -> Bool? {
    guard let side else { return fallback }
    if case .bool(let value) = side.value { return value }
    fail(.notCondition, "true or false is needed, found \(side.value.description)", at: side.range)
    return nil
  }
}
