import NetcCore

/// Writes a graph as text that `GraphReader` reads back to the same graph.
///
///     %0 = input {element: float, name: "x", shape: [batch, 4]} : float[batch, 4] as "x"
///     %1 = reduce_sum(%0) {axes: [0, 1]} : float
///     return loss "loss" %1
///
/// One line a node: its values, operation, operands, attributes by name, types, and names where it
/// has some. An attribute prints as its name's usual kind (`AttributeKind`), one of another kind as
/// `int(3)`. A body stands in braces. With origins, `at file:start..end of "primal" by "rule"`
/// follows.
package struct GraphPrinter: Sendable {
  /// Whether where each node comes from is written too.
  package let withOrigins: Bool

  /// A printer, by default without origins.
  package init(withOrigins: Bool = false) { self.withOrigins = withOrigins }

  /// The text of a graph, a line for each node and each result.
  /// - Complexity: O(nodes + attributes), bodies included.
  package func text(of graph: Graph) -> String {
    var text = ""
    write(graph, indent: "", to: &text)
    return text
  }

  private func write(_ graph: Graph, indent: String, to text: inout String) {
    for node in graph.nodeIDs {
      text += indent
      write(node, of: graph, indent: indent, to: &text)
      text += "\n"
    }
    for result in graph.results {
      text +=
        "\(indent)return \(result.role.rawValue) \(quoted(result.name)) %\(result.value.index)\n"
    }
  }

  private func write(_ node: NodeID, of graph: Graph, indent: String, to text: inout String) {
    let results = graph.results(of: node)
    text += results.map { "%\($0.index)" }.joined(separator: ", ")
    text += (results.isEmpty ? "= " : " = ") + graph.op(of: node).operation.name
    let operands = graph.operands(of: node)
    if !operands.isEmpty {
      text += "(" + operands.map { "%\($0.index)" }.joined(separator: ", ") + ")"
    }
    let attributes = graph.attributes(of: node)
    if !attributes.entries.isEmpty {
      text += " {"
      for (place, entry) in attributes.entries.enumerated() {
        text += (place == 0 ? "" : ", ") + entry.name + ": "
        write(entry, indent: indent, to: &text)
      }
      text += "}"
    }
    text += " : " + results.map { graph.type(of: $0).description }.joined(separator: ", ")
    let names = results.map { graph.name(of: $0) }
    if names.contains(where: { $0 != nil }) {
      text += " as " + names.map { $0.map(quoted) ?? "_" }.joined(separator: ", ")
    }
    if withOrigins { text += originText(graph.origin(of: node)) }
  }

  private func write(_ entry: Attributes.Entry, indent: String, to text: inout String) {
    let kind = entry.value.kind
    let isUsual = AttributeKind(attribute: entry.name) == kind
    if !isUsual { text += kind.rawValue + "(" }
    switch entry.value {
    case .bool(let value): text += String(value)
    case .int(let value): text += String(value)
    case .ints(let values): text += list(values) { String($0) }
    case .dim(let value): text += value.description
    case .dims(let values): text += list(values) { $0.description }
    case .number(let value): text += exactText(value.value)
    case .numbers(let values): text += list(values) { exactText($0.value) }
    case .text(let value): text += quoted(value)
    case .element(let value): text += value.rawValue
    case .body(let body):
      text += "{\n"
      write(body.graph, indent: indent + "  ", to: &text)
      text += indent + "}"
    }
    if !isUsual { text += ")" }
  }

  private func list<T>(_ values: [T], _ text: (T) -> String) -> String {
    "[" + values.map(text).joined(separator: ", ") + "]"
  }

  private func originText(_ origin: Origin) -> String {
    var text = ""
    if let range = origin.range {
      text += " at \(range.file.rawValue):\(range.start)..\(range.end)"
    }
    if let primal = origin.primal { text += " of " + quoted(primal) }
    if let rule = origin.rule { text += " by " + quoted(rule) }
    return text
  }

  /// The shortest text that reads back to the same bits.
  private func exactText(_ value: Double) -> String {
    guard value.isNaN, value.bitPattern != Double.nan.bitPattern else { return numberText(value) }
    return "nan(\(value.bitPattern))"
  }

  /// In double quotes, with `\"`, `\\`, `\n`, `\t` and `\u{…}` for other control characters.
  private func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          text += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    return text + "\""
  }
}

extension Graph {
  /// The graph as text without origins (`GraphPrinter`).
  package var text: String { GraphPrinter().text(of: self) }
}
