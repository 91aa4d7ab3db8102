package import NetcCore
package import NetcGraph

/// The graph as one JSON object: `nodes` with operation, operands, attributes, types and origin;
/// `results`.
package enum JSONEmitter {
  /// Values are numbered in order of creation; an operand is such a number.
  package static func json(_ graph: Graph, sources: SourceMap) -> JSONText {
    .object([
      "nodes": .array(graph.nodeIDs.map { node($0, graph, sources) }),
      "results": .array(
        graph.results.map { result in
          .object([
            "role": .string(result.role.rawValue), "name": .string(result.name),
            "value": .integer(result.value.index),
          ])
        }),
    ])
  }

  private static func node(_ node: NodeID, _ graph: Graph, _ sources: SourceMap) -> JSONText {
    let origin = graph.origin(of: node)
    var members: [JSONText.Member] = [
      .init("op", .string(graph.op(of: node).operation.name)),
      .init("operands", .array(graph.operands(of: node).map { .integer($0.index) })),
      .init("results", .array(graph.results(of: node).map { value($0, graph) })),
    ]
    let attributes = graph.attributes(of: node).entries
    if !attributes.isEmpty {
      let entries = attributes.map { JSONText.Member($0.name, attribute($0.value, sources)) }
      members.append(.init("attributes", .object(entries)))
    }
    if let range = origin.range {
      members.append(.init("source", .string(sources.location(range))))
    }
    if let rule = origin.rule { members.append(.init("rule", .string(rule))) }
    if let primal = origin.primal { members.append(.init("primal", .string(primal))) }
    return .object(members)
  }

  private static func value(_ value: ValueID, _ graph: Graph) -> JSONText {
    let type = graph.type(of: value)
    var members: [JSONText.Member] = [
      .init("id", .integer(value.index)), .init("element", .string(type.element.rawValue)),
      .init("shape", .array(type.shape.dims.map(dimension))),
    ]
    if let name = graph.name(of: value) { members.append(.init("name", .string(name))) }
    return .object(members)
  }

  private static func dimension(_ dim: Dim) -> JSONText {
    dim.constant.map(JSONText.integer) ?? .string(dim.description)
  }

  private static func attribute(_ value: AttributeValue, _ sources: SourceMap) -> JSONText {
    switch value {
    case .bool(let flag): .bool(flag)
    case .int(let number): .integer(number)
    case .ints(let numbers): .array(numbers.map(JSONText.integer))
    case .dim(let dim): dimension(dim)
    case .dims(let dims): .array(dims.map(dimension))
    case .number(let number): .number(number.value)
    case .numbers(let numbers): .array(numbers.map { .number($0.value) })
    case .text(let text): .string(text)
    case .element(let element): .string(element.rawValue)
    case .body(let body): json(body.graph, sources: sources)
    }
  }
}
