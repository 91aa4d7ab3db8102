import NetcCore
import NetcGraph
import NetcSyntax

/// A type of the language with its sizes known.
struct ResolvedType: Hashable, Sendable {
  var kind: Kind
  var shape: Shape

  /// `float[batch, 64]`; `float` for a scalar.
  var text: String { shape.rank == 0 ? kind.text : kind.text + shape.description }
}

extension Lowering {
  /// The type an annotation names; nil after a mistake was reported.
  ///
  /// - Parameter bindsSymbols: whether a free name becomes a symbol, as in an input's type.
  mutating func resolve(_ type: TypeExpression, bindsSymbols: Bool = false) -> ResolvedType? {
    guard let kind = resolveKind(type) else { return nil }
    var dims: [Dim] = []
    for dimension in type.dimensions ?? [] {
      switch dimension.kind {
      case .rest(let name):
        guard let known = frame.rests[name?.text ?? ""] else {
          fail(
            .restUnknown, "`...` stands for no dimensions here", at: dimension.range,
            help: ["write the dimensions out"])
          return nil
        }
        dims += known.dims
      case .size(let expression):
        guard let size = resolveSize(expression, bindsSymbols: bindsSymbols) else { return nil }
        dims.append(size)
      }
    }
    guard isCountable(Shape(dims), at: type.range) else { return nil }
    return ResolvedType(kind: kind, shape: Shape(dims))
  }

  /// Whether the elements of a shape can be counted; reports it otherwise.
  mutating func isCountable(_ shape: Shape, at range: SourceRange) -> Bool {
    do {
      _ = try shape.checked()
      return true
    } catch {
      fail(.shapeTooLarge, error.message, at: range)
      return false
    }
  }

  private mutating func resolveSize(_ expression: Expression, bindsSymbols: Bool) -> Dim? {
    if bindsSymbols, case .path(let path) = expression.kind, let name = path.single?.text,
      knownSize(name) == nil
    {
      if isDoubtful(name) { return nil }
      let symbol = Dim(symbol: name)
      frame.sizes.declare(name, Frame.Size(dim: symbol, source: .data(path.range)))
      return symbol
    }
    guard let size = size(of: expression) else { return nil }
    if let known = size.constant, known < 0 {
      fail(
        .sizeNegative, "a dimension cannot be \(known)", at: expression.range,
        help: ["sizes are whole numbers from 0 on"])
      return nil
    }
    if size.isOverflow {
      fail(.numberOverflow, "this size is too large", at: expression.range)
      return nil
    }
    return size
  }

  private mutating func resolveKind(_ type: TypeExpression) -> Kind? {
    switch type.element {
    case .classes(let arguments): return resolveClasses(arguments, type.range).map { .classes($0) }
    case .function:
      fail(
        .typeNotTensor, "a value cannot have the type `fn`", at: type.range,
        help: ["`fn` is for parameters of a definition"])
      return nil
    case .named(let name):
      if let kind = elementKind(type) { return kind }
      let meant = Meant(
        name.text, at: name.range, among: ["float", "int", "bool", "class"], foreign: .types,
        otherwise: "types are float, int, bool and class(…)")
      fail(
        .unknownType, "there is no type `\(name.text)`", at: name.range, help: meant.help,
        fixes: meant.fixes)
      return nil
    }
  }

  /// `class(10)`, `class("a", "b")`, `class(10, ignore: 255)`.
  mutating func resolveClasses(_ arguments: [Argument], _ range: SourceRange) -> Classes? {
    var names: [String] = []
    var count: Dim?
    var ignore: Int?
    for argument in arguments {
      let value = evaluate(argument.value)
      if value.isPoison { return nil }
      switch (argument.label?.text, value) {
      case (nil, .string(let name)) where count == nil: names.append(name)
      case (nil, _) where count == nil && names.isEmpty && value.dimension != nil:
        count = value.dimension
      case ("ignore", .number(let number)) where number.integer != nil: ignore = number.integer
      default:
        fail(
          .classArguments, "`class` does not take this", at: argument.range,
          help: ["write `class(10)`, `class(10, ignore: 255)` or `class(\"cat\", \"dog\")`"])
        return nil
      }
    }
    if !names.isEmpty { return Classes(count: Dim(names.count), ignore: ignore, names: names) }
    guard let count, (count.constant ?? 1) > 0 else {
      fail(
        .classArguments, "`class` needs the number of classes, at least 1", at: range,
        help: ["write `class(10)`, or the names: `class(\"cat\", \"dog\")`"])
      return nil
    }
    return Classes(count: count, ignore: ignore, names: nil)
  }

  /// The size an expression stands for, names of sizes before those of values; nil after a mistake
  /// was reported.
  mutating func size(of expression: Expression) -> Dim? {
    let kept = frame.isInType
    frame.isInType = true
    let value = evaluate(expression)
    frame.isInType = kept
    return size(value, at: expression.range)
  }

  /// The size a value stands for; nil after reporting that it is none.
  mutating func size(_ value: Value, at range: SourceRange) -> Dim? {
    if let size = value.dimension { return size }
    switch value {
    case .poison: return nil
    case .number(let number):
      fail(
        .notWhole, "\(number.text) is not a whole number", at: range,
        help: ["`div(a, b)` and `ceil_div(a, b)` divide to whole numbers"])
    case .tensor(let tensor):
      fail(
        .notCompileTime, "a size must be known while the program is compiled", at: range,
        label: "this is computed at run time, a \(tensor.typeText)")
    default:
      fail(.notWhole, "\(value.description) is not a size", at: range)
    }
    return nil
  }

  /// The returned values as the signature declares them, or as they are after a mistake was
  /// reported.
  mutating func checkResults(_ values: [Value], of place: Int) -> [Value] {
    let types = definitions[place].syntax.signature.results
    if types.isEmpty || values.contains(where: { $0.isPoison }) { return values }
    let name = definitions[place].name
    guard types.count == values.count else {
      fail(
        .resultCount, "`\(name)` returns \(values.count) values and declares \(types.count)",
        at: definitions[place].syntax.name.range)
      return values.map { _ in .poison }
    }
    return zip(values, types).map { checkResult($0, $1, of: place) }
  }

  private mutating func checkResult(_ value: Value, _ type: TypeExpression, of place: Int) -> Value
  {
    let name = definitions[place].name
    guard let wanted = resolve(type) else { return .poison }
    guard case .tensor(let tensor) = value else {
      if wanted.shape.rank == 0 { return value }
      guard let made = tensorValue(value, at: type.range) else { return .poison }
      guard made.shape.rank == 0 else { return value }
      return .tensor(broadcast(made, to: wanted.shape))
    }
    if tensor.shape == wanted.shape, tensor.kind.element == wanted.kind.element { return value }
    if tensor.shape == wanted.shape, wanted.kind == .float, tensor.kind == .int {
      return .tensor(convert(tensor, to: .float))
    }
    return fail(
      .resultMismatch, "`\(name)` declares \(wanted.text) and returns \(tensor.typeText)",
      at: type.range, label: "declared here", notes: side(tensor, wanted.shape, type.range).labels,
      help: ["change the type after `->`, or what `return` gives"])
  }
}
