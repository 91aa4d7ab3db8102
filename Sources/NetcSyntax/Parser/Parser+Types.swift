import NetcCore

extension Parser {
  /// `element [ "[" [ dim { "," dim } ] "]" ]`
  mutating func type() -> TypeExpression {
    let start = current.start
    let element = element()
    guard kind == .leftBracket else {
      return TypeExpression(element: element, dimensions: nil, range: range(from: start))
    }
    let opener = current
    advance()
    var dimensions: [Dimension] = []
    while kind != .rightBracket, !hasFailed {
      dimensions.append(dimension())
      if !accept(.comma) { break }
    }
    close(.rightBracket, opened: opener)
    return TypeExpression(element: element, dimensions: dimensions, range: range(from: start))
  }

  /// `"fn" | "class" arguments | NAME`
  private mutating func element() -> TypeExpression.Element {
    if accept(.fn) { return .function }
    if word == .class, token(1).kind == .leftParenthesis {
      advance()
      return .classes(arguments())
    }
    if kind == .name, token(1).kind == .leftParenthesis, !token(1).isFirstOnLine {
      return misspeltClasses()
    }
    if kind == .name {
      let name = Name(text(of: current), here)
      advance()
      return .named(name)
    }
    let place = here
    if !hasFailed {
      fail(
        .unexpected(
          found, expected: "a type",
          help: "types are `float[…]`, `int`, `bool`, `class(10)[…]`, `fn`",
          at: place))
    }
    return .named(Name("", place))
  }

  /// A word with arguments where only `class` has them: reported, and taken for it.
  private mutating func misspeltClasses() -> TypeExpression.Element {
    let isNear = suggestion(for: text(of: current), among: ["class"]) != nil
    report(
      .unexpected(
        found, expected: "a type",
        help: isNear
          ? "did you mean `class`?" : "only `class` takes arguments, as in `class(10)[batch]`",
        fix: isNear ? "class" : nil, at: here))
    advance()
    return .classes(arguments())
  }

  /// `"..." [ NAME ] | expr`
  private mutating func dimension() -> Dimension {
    let start = current.start
    if accept(.ellipsis) {
      let name = kind == .name ? name("a name") : nil
      return Dimension(.rest(name), range(from: start))
    }
    let size = expression()
    return Dimension(.size(size), size.range)
  }

  /// Remembers the names of an input's dimensions.
  mutating func noteDimensions(of type: TypeExpression) {
    for name in type.dimensionNames { compileTimeNames.insert(name) }
  }
}

extension TypeExpression {
  /// The dimensions that are a single name.
  var dimensionNames: [String] {
    (dimensions ?? []).compactMap { dimension in
      guard case .size(let size) = dimension.kind, case .path(let path) = size.kind else {
        return nil
      }
      return path.single?.text
    }
  }
}
