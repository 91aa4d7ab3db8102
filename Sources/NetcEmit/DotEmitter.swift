package import NetcGraph

/// The graph in Graphviz's language: forward nodes, derived nodes and leaves in their own colours.
package enum DotEmitter {
  /// The text `dot -Tsvg` reads.
  package static func text(_ graph: Graph, title: String) -> String {
    var lines = [
      "digraph \(quoted(title)) {", "  rankdir=TB;",
      "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=10];",
      "  edge [fontname=\"Helvetica\", fontsize=8];",
    ]
    for node in graph.nodeIDs { lines += self.lines(node, graph) }
    for (index, result) in graph.results.enumerated() {
      let label = "\(result.role.rawValue) \(result.name)"
      lines.append("  r\(index) [label=\(quoted(label)), shape=ellipse, fillcolor=\"#ffe9a8\"];")
      lines.append("  n\(graph.node(of: result.value).index) -> r\(index);")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func lines(_ node: NodeID, _ graph: Graph) -> [String] {
    let value = graph.result(of: node)
    let op = graph.op(of: node)
    var label = graph.name(of: value) ?? ""
    if case .text(let called)? = graph.attributes(of: node)["name"], op == .composite {
      label += (label.isEmpty ? "" : " = ") + called
    } else {
      label += (label.isEmpty ? "" : " = ") + op.operation.netName
    }
    var lines = [
      "  n\(node.index) [label=\(quoted("\(label)\n\(graph.type(of: value))")), fillcolor=\"\(fill(node, graph))\"];"
    ]
    for operand in graph.operands(of: node) {
      lines.append("  n\(graph.node(of: operand).index) -> n\(node.index);")
    }
    return lines
  }

  private static func fill(_ node: NodeID, _ graph: Graph) -> String {
    switch graph.op(of: node) {
    case .parameter: "#bfe3c0"
    case .input, .state: "#cfe2ff"
    default: graph.origin(of: node).rule == nil ? "#f4f4f4" : "#ffd6cf"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result + "\""
  }
}
