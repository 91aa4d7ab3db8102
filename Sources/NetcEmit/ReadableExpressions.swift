import NetcCore
import NetcGraph

/// Writes values as a textbook would: infix operators, broadcasting understood, single uses in
/// place.
struct ReadableExpressions {
  let graph: Graph
  let names: ValueNames

  /// The value by its name, or written out when it has none.
  func spelling(of value: ValueID) -> Spelling {
    if let name = names[value] { return Spelling(name) }
    return definition(of: graph.node(of: value))
  }

  /// The operation of a node applied to its operands.
  func definition(of node: NodeID) -> Spelling {
    let op = graph.op(of: node)
    let operands = Array(graph.operands(of: node))
    if let infix = infix(op, graph.attributes(of: node), operands) { return infix }
    switch op {
    case .constant: return constant(node)
    case .identity, .broadcastInDim: return spelling(of: operands[0])
    case .negate: return Spelling("-" + spelling(of: operands[0]).bound(.negation), .negation)
    case .not: return Spelling("not " + spelling(of: operands[0]).bound(.not), .not)
    case .select: return call("where", operands)
    case .convert: return converted(node, operands)
    case .step: return Spelling("step")
    case .maximum: return call("max", operands)
    case .minimum: return call("min", operands)
    case .concatenate: return concatenated(node, operands)
    case .dimension: return dimension(graph.attributes(of: node).dim("expression"))
    case .dotGeneral: return product(node, operands)
    case .transpose: return transposed(node, operands[0])
    case .reduceSum: return reduction("sum", node, operands)
    case .reduceMax: return reduction("max", node, operands)
    case .composite: return composite(node, operands)
    case .reshape:
      return call("reshape", operands, [graph.type(of: graph.result(of: node)).shape.description])
    default: return general(node, operands)
    }
  }

  private func infix(_ op: OpID, _ attributes: Attributes, _ operands: [ValueID]) -> Spelling? {
    func write(_ symbol: String, _ level: Spelling.Level, chains: Bool = true) -> Spelling {
      .infix(spelling(of: operands[0]), symbol, spelling(of: operands[1]), level, chains: chains)
    }
    switch op {
    case .add: return write("+", .sum)
    case .subtract: return write("-", .sum)
    case .multiply: return write("*", .product)
    case .divide: return write("/", .product)
    case .and: return write("and", .and)
    case .or: return write("or", .or)
    case .compare: return write(Comparison.symbol(attributes), .comparison, chains: false)
    case .power:
      let base = spelling(of: operands[0]).bound(.postfix)
      return Spelling("\(base)^\(spelling(of: operands[1]).bound(.negation))", .power)
    default: return nil
    }
  }

  private func constant(_ node: NodeID) -> Spelling {
    let attributes = graph.attributes(of: node)
    let values = attributes.numbers("values")
    if attributes.element("element") == .bool, values.count == 1 {
      return Spelling(values[0] != 0 ? "true" : "false")
    }
    if values.count == 1 { return number(values[0]) }
    let shown = values.prefix(8).map(numberText).joined(separator: ", ")
    return Spelling("[\(shown)\(values.count > 8 ? ", …" : "")]")
  }

  private func number(_ value: Double) -> Spelling {
    let text = numberText(value)
    return Spelling(text, text.hasPrefix("-") ? .negation : .postfix)
  }

  private func dimension(_ size: Dim) -> Spelling {
    Spelling(size.description, size.symbol != nil || size.constant != nil ? .postfix : .sum)
  }

  /// A size needs no word to be a real number among real numbers.
  private func converted(_ node: NodeID, _ operands: [ValueID]) -> Spelling {
    if graph.op(of: operands[0]) == .dimension { return spelling(of: operands[0]) }
    return call(graph.attributes(of: node).element("element").rawValue, operands)
  }

  private func concatenated(_ node: NodeID, _ operands: [ValueID]) -> Spelling {
    let parts = operands.map { spelling(of: $0).text }.joined(separator: ", ")
    return .call("concat", ["[\(parts)]", "axis: \(graph.attributes(of: node).int("axis"))"])
  }

  /// `a @ b` with transposes where the contracted axes ask for them; `dot(…)` when there are batch
  /// axes.
  private func product(_ node: NodeID, _ operands: [ValueID]) -> Spelling {
    let attributes = graph.attributes(of: node)
    let axes = DotAxes(attributes)
    let ranks = operands.map { graph.type(of: $0).shape.rank }
    if axes.lhsBatch.isEmpty, axes.lhsContracting.isEmpty, ranks == [1, 1] {
      return call("outer", operands)
    }
    guard axes.lhsBatch.isEmpty, axes.lhsContracting.count == 1,
      ranks.allSatisfy({ $0 <= 2 || $0 == ranks[0] }),
      ranks[1] <= 2
    else { return general(node, operands) }
    var left = spelling(of: operands[0])
    var right = spelling(of: operands[1])
    if axes.lhsContracting[0] != ranks[0] - 1 {
      guard ranks[0] == 2 else { return general(node, operands) }
      left = .call("transpose", [left.text])
    }
    if axes.rhsContracting[0] != 0 { right = .call("transpose", [right.text]) }
    return .infix(left, "@", right, .product)
  }

  private func transposed(_ node: NodeID, _ operand: ValueID) -> Spelling {
    let permutation = graph.attributes(of: node).ints("permutation")
    return permutation == [1, 0]
      ? call("transpose", [operand]) : call("transpose", [operand], ["axes: \(permutation)"])
  }

  private func reduction(_ name: String, _ node: NodeID, _ operands: [ValueID]) -> Spelling {
    let axes = graph.attributes(of: node).ints("axes")
    if axes.count == graph.type(of: operands[0]).shape.rank { return call(name, operands) }
    let axis = axes.count == 1 ? "\(axes[0])" : "\(axes)"
    return call(name, operands, ["axis: \(axis)"])
  }

  private func composite(_ node: NodeID, _ operands: [ValueID]) -> Spelling {
    let attributes = graph.attributes(of: node)
    var settings: [String] = []
    if case .text(let text)? = attributes["settings"], !text.isEmpty { settings = [text] }
    return call(attributes.text("name"), operands, settings)
  }

  private func general(_ node: NodeID, _ operands: [ValueID]) -> Spelling {
    let operation = graph.op(of: node).operation
    let labels = AttributeText.labelled(graph.attributes(of: node), of: operation)
    return call(operation.netName, operands, labels)
  }

  private func call(_ name: String, _ operands: [ValueID], _ labels: [String] = []) -> Spelling {
    .call(name, operands.map { spelling(of: $0).text } + labels)
  }
}

/// The comparison a `compare` node makes, in the language's symbols.
enum Comparison {
  static func symbol(_ attributes: Attributes) -> String {
    switch attributes.text("direction") {
    case "EQ": "=="
    case "NE": "!="
    case "LT": "<"
    case "LE": "<="
    case "GT": ">"
    default: ">="
    }
  }
}

/// The axes of a `dot_general`.
struct DotAxes {
  let lhsBatch: [Int]
  let rhsBatch: [Int]
  let lhsContracting: [Int]
  let rhsContracting: [Int]

  init(_ attributes: Attributes) {
    lhsBatch = attributes.ints("lhs_batch")
    rhsBatch = attributes.ints("rhs_batch")
    lhsContracting = attributes.ints("lhs_contracting")
    rhsContracting = attributes.ints("rhs_contracting")
  }
}
