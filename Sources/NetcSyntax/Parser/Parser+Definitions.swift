import NetcCore

extension Parser {
  /// `NAME signature block`
  mutating func function() -> Statement.Kind? {
    definition("fn", .function).map { .function($0) }
  }

  /// `NAME signature block`
  mutating func rule() -> Statement.Kind? {
    definition("rule", .rule).map { .rule($0) }
  }

  /// `"layer" NAME ( signature block | "=" chain )`
  mutating func layer() -> Statement.Kind? {
    let isInstance = token(1).kind == .name && token(2).kind == .equal
    return begin(isInstance ? .fileOrLayer : .top) { parser in
      guard isInstance else { return parser.definition("layer", .layer).map { .layer($0) } }
      guard let name = parser.name("a name for the layer"), parser.accept(.equal) else {
        return nil
      }
      return .instance(name, parser.chain())
    }
  }

  private mutating func definition(_ word: String, _ body: Place.Body) -> Definition? {
    guard let name = name("a name for the \(word)") else { return nil }
    let first = list.divisions.isEmpty ? 0 : position
    let signature = signature(after: "\(word) \(name.text)")
    let block = block(in: Place(body: body))
    if !list.divisions.isEmpty { checkDivisions(in: signature, tokens: first..<position) }
    return Definition(name: name, signature: signature, body: block)
  }

  /// `NAME "(" NAME { "," NAME } ")" block`
  mutating func gradient() -> Statement.Kind? {
    guard let name = name("the name of a fn") else { return nil }
    let opener = current
    var parameters: [Name] = []
    expect(.leftParenthesis, "`(` and the names of the gradient's parameters")
    while kind != .rightParenthesis, !hasFailed {
      guard let parameter = self.name("a parameter's name") else { break }
      parameters.append(parameter)
      if kind == .colon {
        fail(
          .unexpected(
            found, expected: "`,` or `)`",
            help: "a gradient's parameters have the types of its fn: write the names alone",
            at: here))
      }
      if !accept(.comma) { break }
    }
    if opener.kind == .leftParenthesis { close(.rightParenthesis, opened: opener) }
    return .gradient(name, parameters: parameters, body: block(in: Place(body: .gradient)))
  }

  /// `"(" [ parameter { "," parameter } [ "," ] ] ")" [ "->" type { "," type } ]`
  mutating func signature(after what: String) -> Signature {
    let start = current.start
    var parameters: [Parameter] = []
    let opener = current
    expect(.leftParenthesis, "`(` after `\(what)`")
    while kind != .rightParenthesis, !hasFailed {
      guard let parameter = signatureParameter() else { break }
      parameters.append(parameter)
      if !accept(.comma) { break }
    }
    if opener.kind == .leftParenthesis { close(.rightParenthesis, opened: opener) }
    var results: [TypeExpression] = []
    if accept(.arrow) {
      repeat { results.append(type()) } while accept(.comma)
    }
    return Signature(parameters: parameters, results: results, range: range(from: start))
  }

  /// `NAME ":" type { "or" type } [ "=" expr ]`
  private mutating func signatureParameter() -> Parameter? {
    guard let name = name("a parameter's name"),
      let first = declaredType(of: name.text, example: "float[...]")
    else { return nil }
    var types = [first]
    while accept(.or) { types.append(type()) }
    let defaultValue = accept(.equal) ? expression() : nil
    return Parameter(name: name, types: types, defaultValue: defaultValue)
  }
}
