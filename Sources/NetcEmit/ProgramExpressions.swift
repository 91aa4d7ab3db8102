import NetcCore
import NetcGraph

/// Writes one node as an expression that compiles to exactly that node: operands are names or
/// literals.
struct ProgramExpressions {
  let graph: Graph
  let names: ValueNames

  /// The value's name, or the literal a scalar constant is.
  func operand(_ value: ValueID) -> String {
    if let name = names[value] { return name }
    return definition(of: graph.node(of: value))
  }

  /// Whether a node is written in place of its name: scalar constants and sizes.
  static func isLiteral(_ node: NodeID, _ graph: Graph) -> Bool {
    switch graph.op(of: node) {
    case .constant: graph.type(of: graph.result(of: node)).shape.rank == 0
    case .dimension, .step: true
    default: false
    }
  }

  /// The operation of a node applied to its operands.
  func definition(of node: NodeID) -> String {
    let op = graph.op(of: node)
    let attributes = graph.attributes(of: node)
    let operands = graph.operands(of: node).map { operand($0) }
    if let symbol = infixSymbol(op, attributes) {
      return "\(atom(operands[0])) \(symbol) \(atom(operands[1]))"
    }
    switch op {
    case .constant: return constant(node)
    case .dimension: return dimension(attributes.dim("expression"))
    case .step: return "step"
    case .negate: return "-\(atom(operands[0]))"
    case .not: return "not \(operands[0])"
    case .identity: return operands[0]
    case .convert: return "\(attributes.element("element").rawValue)(\(operands[0]))"
    case .reshape, .broadcastInDim: return shaped(node, operands)
    case .concatenate:
      return "concat([\(operands.joined(separator: ", "))], axis: \(attributes.int("axis")))"
    case .iota:
      return "iota(\(shapeText(node)), axis: \(attributes.int("axis")))"
    case .randomUniform: return draw(node, operands)
    default: return general(op, attributes, operands)
    }
  }

  /// A draw by its site; one of a loop with the place of its first element.
  private func draw(_ node: NodeID, _ operands: [String]) -> String {
    let site = graph.attributes(of: node).text("site")
    guard let offset = operands.first else {
      return "random_uniform(\(shapeText(node)), key: \(AttributeText.quoted(site)))"
    }
    let key = AttributeText.quoted("/" + site)
    return "random_uniform(\(shapeText(node)), key: \(key), offset: \(offset))"
  }

  private func infixSymbol(_ op: OpID, _ attributes: Attributes) -> String? {
    switch op {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .and: "and"
    case .or: "or"
    case .compare: Comparison.symbol(attributes)
    default: nil
    }
  }

  /// A negative literal in parentheses, so that no operator takes its sign for its own.
  private func atom(_ text: String) -> String {
    text.hasPrefix("-") || text.contains(" ") && !text.hasSuffix(")") ? "(\(text))" : text
  }

  private func dimension(_ size: Dim) -> String {
    size.symbol != nil || size.constant != nil ? size.description : "(\(size))"
  }

  private func shapeText(_ node: NodeID) -> String {
    graph.type(of: graph.result(of: node)).shape.description
  }

  private func shaped(_ node: NodeID, _ operands: [String]) -> String {
    let op = graph.op(of: node)
    if op == .reshape { return "reshape(\(operands[0]), \(shapeText(node)))" }
    let axes = graph.attributes(of: node).ints("axes")
    return "broadcast(\(operands[0]), \(shapeText(node)), axes: \(axes))"
  }

  private func constant(_ node: NodeID) -> String {
    let attributes = graph.attributes(of: node)
    let values = attributes.numbers("values")
    let type = graph.type(of: graph.result(of: node))
    let filled =
      type.shape.rank == 0
      ? literal(values[0], type) : "broadcast(\(numberText(values[0])), \(type.shape))"
    if values.count == 1 {
      if type.element == .float || type.shape.rank == 0 { return filled }
      return "\(type.element.rawValue)(\(filled))"
    }
    guard let sizes = type.shape.sizes else { return filled }
    var rest = values[...]
    return nested(sizes[...], &rest)
  }

  private func literal(_ value: Double, _ type: TensorType) -> String {
    type.element == .bool ? (value != 0 ? "true" : "false") : numberText(value)
  }

  /// Numbers as lists in lists, one level a dimension.
  private func nested(_ sizes: ArraySlice<Int>, _ values: inout ArraySlice<Double>) -> String {
    guard let size = sizes.first else { return numberText(values.removeFirst()) }
    let parts = (0..<size).map { _ in nested(sizes.dropFirst(), &values) }
    return "[\(parts.joined(separator: ", "))]"
  }

  /// A call by the primitive's name with every attribute labelled.
  private func general(_ op: OpID, _ attributes: Attributes, _ operands: [String]) -> String {
    let operation = op.operation
    let labels = AttributeText.labelled(attributes, of: operation)
    return "\(operation.netName)(\((operands + labels).joined(separator: ", ")))"
  }
}
