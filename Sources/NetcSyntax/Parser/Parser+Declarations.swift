import NetcCore

extension Parser {
  /// `NAME "=" expr { "," NAME "=" expr }`
  mutating func constants() -> Statement.Kind? {
    var constants: [Constant] = []
    repeat {
      guard let name = name("a name for the constant") else { break }
      if place == .top { compileTimeNames.insert(name.text) }
      let value = value(of: "const \(name.text)", example: "= 64")
      constants.append(Constant(name: name, value: value))
    } while accept(.comma)
    return constants.isEmpty ? nil : .const(constants)
  }

  /// `STRING [ "as" NAME ]`
  mutating func importStatement() -> Statement.Kind? {
    guard kind == .string else {
      fail(.unexpected(found, expected: "the file's name in quotes", at: here))
      return nil
    }
    let file = list.strings[current.payload]
    advance()
    let alias = accept(.as) ? name("a name for the imported file") : nil
    return .import(file, alias: alias)
  }

  /// `paths [ ":" type ] "=" expr`
  mutating func binding(_ word: String) -> Binding? {
    let opener = current
    let isTuple = accept(.leftParenthesis)
    if isTuple { report(.tuple(at: range(of: opener))) }
    let names = paths("a name")
    if isTuple { close(.rightParenthesis, opened: opener) }
    guard !names.isEmpty else { return nil }
    for name in names { declared.insert(name.text) }
    let type = accept(.colon) ? type() : nil
    let what = word + " " + names.map(\.text).joined(separator: ", ")
    let value = value(of: what, example: "= x")
    return Binding(names: names, type: type, value: value)
  }

  /// `paths "=" expr`, the first token a name.
  mutating func rebinding() -> Statement.Kind? {
    let word = word
    let targets = paths("a name")
    guard let first = targets.first else { return nil }
    if let word, targets.count == 1, let name = first.single, kind == .equal,
      word.beginsStatement
    {
      wordRebindings.append((word, name, here))
    }
    if !hasFailed, kind != .equal {
      fail(
        .notAStatement(
          "a name alone does nothing", help: "name a value with `let`, or give it with `output`",
          at: first.range))
    }
    let value = value(of: first.text, example: "= x")
    return .rebind(targets, value: value)
  }

  /// `NAME ":" type`
  mutating func input() -> Statement.Kind? {
    guard let name = name("a name for the input") else { return nil }
    guard let type = declaredType(of: "input \(name.text)", example: "float[batch, 4]") else {
      return nil
    }
    if place == .top { noteDimensions(of: type) }
    return .input(name, type)
  }

  /// `path ":" type "=" expr`
  mutating func parameter() -> Statement.Kind? {
    guard let path = path("a name for the parameter"),
      let type = declaredType(of: "param \(path.text)", example: "float[64, 10]")
    else { return nil }
    declared.insert(path.text)
    let initial = value(of: "param \(path.text)", example: "= zeros()")
    return .parameter(path, type, initial: initial)
  }

  /// `path [ ":" type ] "=" expr`
  mutating func state() -> Statement.Kind? {
    guard let path = path("a name for the state") else { return nil }
    declared.insert(path.text)
    let type = accept(.colon) ? type() : nil
    let initial = value(of: "state \(path.text)", example: "= zeros()")
    return .state(path, type, initial: initial)
  }

  /// `path "=" expr`
  mutating func update() -> Statement.Kind? {
    guard let path = path("the parameter or state to update") else { return nil }
    return .update(path, value: value(of: "update \(path.text)", example: "= x"))
  }

  /// `"=" expr`, saying what lacks its value.
  mutating func value(of what: String, example: String) -> Expression {
    if accept(.equal) { return expression() }
    if !hasFailed { fail(.missingValue(of: what, example: example, found: foundInLine, at: gap)) }
    return invalid()
  }

  /// `":" type`, saying what lacks its type.
  mutating func declaredType(of what: String, example: String) -> TypeExpression? {
    if accept(.colon) { return type() }
    if !hasFailed { fail(.missingType(of: what, example: example, found: foundInLine, at: gap)) }
    return nil
  }
}
