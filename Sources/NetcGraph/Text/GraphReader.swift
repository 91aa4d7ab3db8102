import NetcCore

/// Reads the text that `GraphPrinter` writes, exactly back: nodes, attributes, types, names,
/// results and origins.
///
/// Every node is checked by its operation's type rule and against the type written.
package struct GraphReader: Sendable {
  private var tokens: GraphTokens

  private init(_ text: String) throws(GraphReadError) {
    tokens = GraphTokens(try GraphLexer.tokens(text))
  }

  /// The graph a text describes.
  /// - Throws: `GraphReadError` with the place of the first mistake.
  /// - Complexity: O(characters).
  package static func read(_ text: String) throws(GraphReadError) -> Graph {
    var reader = try GraphReader(text)
    let graph = try reader.graph(depth: 0)
    try reader.tokens.expectEnd()
    return graph
  }

  /// Nodes and results up to a `}` or the end.
  private mutating func graph(depth: Int) throws(GraphReadError) -> Graph {
    if depth > 64 { throw tokens.error("bodies are nested more than 64 deep") }
    var graph = Graph()
    var values: [Int: ValueID] = [:]
    while tokens.current.kind != .end, tokens.current.kind != .mark("}") {
      if tokens.take(word: "return") {
        graph.results.append(try result(values))
      } else {
        try node(&graph, &values, depth: depth)
      }
    }
    return graph
  }

  private mutating func result(_ values: [Int: ValueID]) throws(GraphReadError) -> GraphResult {
    let place = tokens.current
    guard let role = GraphResult.Role(rawValue: try tokens.word("a result's role")) else {
      let roles = GraphResult.Role.allCases.map(\.rawValue).joined(separator: ", ")
      throw tokens.error("a result's role expected: one of \(roles)", at: place)
    }
    let name = try tokens.text("a result's name")
    return GraphResult(role, name, try value(values))
  }

  private mutating func value(_ values: [Int: ValueID]) throws(GraphReadError) -> ValueID {
    let place = tokens.current
    let number = try tokens.valueNumber()
    guard let value = values[number] else {
      throw tokens.error("%\(number) is used before it is defined", at: place)
    }
    return value
  }

  private mutating func node(
    _ graph: inout Graph, _ values: inout [Int: ValueID], depth: Int
  ) throws(GraphReadError) {
    var numbers: [Int] = []
    while !tokens.take(mark: "=") {
      if !numbers.isEmpty { try tokens.expect(mark: ",") }
      let place = tokens.current
      let number = try tokens.valueNumber()
      if values[number] != nil || numbers.contains(number) {
        throw tokens.error("%\(number) is defined twice", at: place)
      }
      numbers.append(number)
    }
    let place = tokens.current
    let name = try tokens.word("an operation")
    guard let op = OperationCatalogue.id(named: name) else {
      throw tokens.error("no operation is called `\(name)`", at: place)
    }
    let operands = try self.operands(values)
    let attributes = try self.attributes(depth: depth)
    let types = try self.types(count: numbers.count)
    let names = try self.names(count: numbers.count)
    let origin = try self.origin()
    do throws(OperationTypeError) {
      let made = try graph.append(op, operands, attributes, origin: origin)
      guard made.map({ graph.type(of: $0) }) == types else {
        let given = made.map { graph.type(of: $0).description }.joined(separator: ", ")
        throw OperationTypeError("the result is \(given.isEmpty ? "nothing" : given)")
      }
      for (result, name) in zip(made, names) { graph.setName(name, of: result) }
      for (number, result) in zip(numbers, made) { values[number] = result }
    } catch {
      throw tokens.error("`\(name)`: \(error.message)", at: place)
    }
  }

  private mutating func operands(_ values: [Int: ValueID]) throws(GraphReadError) -> [ValueID] {
    guard tokens.take(mark: "(") else { return [] }
    var operands: [ValueID] = []
    while !tokens.take(mark: ")") {
      if !operands.isEmpty { try tokens.expect(mark: ",") }
      operands.append(try value(values))
    }
    return operands
  }

  private mutating func types(count: Int) throws(GraphReadError) -> [TensorType] {
    try tokens.expect(mark: ":")
    var types: [TensorType] = []
    while types.count < count {
      if !types.isEmpty { try tokens.expect(mark: ",") }
      let element = try tokens.element()
      let dims = tokens.current.kind == .mark("[") ? try tokens.dims() : []
      types.append(TensorType(element, Shape(dims)))
    }
    return types
  }

  private mutating func names(count: Int) throws(GraphReadError) -> [String?] {
    guard tokens.take(word: "as") else { return Array(repeating: nil, count: count) }
    var names: [String?] = []
    while names.count < count {
      if !names.isEmpty { try tokens.expect(mark: ",") }
      names.append(tokens.take(word: "_") ? nil : try tokens.text("a value's name"))
    }
    return names
  }

  private mutating func origin() throws(GraphReadError) -> Origin {
    var origin = Origin()
    if tokens.take(word: "at") {
      let file = try tokens.whole(UInt16.self)
      try tokens.expect(mark: ":")
      let start = try tokens.whole(UInt32.self)
      try tokens.expect(mark: "..")
      let end = try tokens.whole(UInt32.self)
      origin.range = SourceRange(file: SourceID(rawValue: file), start: start, end: end)
    }
    if tokens.take(word: "of") { origin.primal = try tokens.text("a value's name") }
    if tokens.take(word: "by") { origin.rule = try tokens.text("a rule's name") }
    return origin
  }

  private mutating func attributes(depth: Int) throws(GraphReadError) -> Attributes {
    var attributes = Attributes.none
    guard tokens.take(mark: "{") else { return attributes }
    while !tokens.take(mark: "}") {
      if !attributes.entries.isEmpty { try tokens.expect(mark: ",") }
      let place = tokens.current
      let name = try tokens.word("an attribute")
      if attributes[name] != nil { throw tokens.error("`\(name)` is given twice", at: place) }
      try tokens.expect(mark: ":")
      attributes[name] = try attribute(name, depth: depth)
    }
    return attributes
  }

  private mutating func attribute(_ name: String, depth: Int) throws(GraphReadError)
    -> AttributeValue
  {
    if let kind = tokens.takeKind() {
      let value = try attribute(of: kind, depth: depth)
      try tokens.expect(mark: ")")
      return value
    }
    guard let kind = AttributeKind(attribute: name) else {
      throw tokens.error("the kind of `\(name)` expected, as in `int(3)`")
    }
    return try attribute(of: kind, depth: depth)
  }

  private mutating func attribute(
    of kind: AttributeKind, depth: Int
  ) throws(GraphReadError) -> AttributeValue {
    switch kind {
    case .bool: return .bool(try tokens.truth())
    case .int: return .int(try tokens.int())
    case .ints: return .ints(try tokens.list { tokens throws(GraphReadError) in try tokens.int() })
    case .dim: return .dim(try tokens.dim())
    case .dims: return .dims(try tokens.dims())
    case .number: return .number(ExactNumber(try tokens.real()))
    case .numbers:
      return .numbers(
        try tokens.list { tokens throws(GraphReadError) in ExactNumber(try tokens.real()) })
    case .text: return .text(try tokens.text("a text"))
    case .element: return .element(try tokens.element())
    case .body:
      try tokens.expect(mark: "{")
      let body = try graph(depth: depth + 1)
      try tokens.expect(mark: "}")
      return .body(GraphBody(body))
    }
  }
}
