import NetcCore
import NetcGraph

/// The `let` lines that compute a graph's results, one operation a line, and the names they give.
struct ProgramBody {
  var lines: [String] = []
  var names: ValueNames
  let graph: Graph
  /// What stands before the names of values of its own.
  let prefix: String
  /// Known expressions by text, whose names are used again.
  private(set) var known: [String: String]

  /// - Parameter leaves: what leaves and other given values are called.
  /// - Parameter known: expressions that already have a name.
  init(
    _ graph: Graph, prefix: String = "", leaves: [(value: ValueID, name: String)],
    reserved: Set<String>, known: [String: String] = [:]
  ) {
    self.graph = graph
    self.prefix = prefix
    self.known = known
    names = ValueNames(valueCount: graph.valueCount, reserved: reserved)
    for leaf in leaves { names.alias(leaf.value, leaf.name) }
    write()
  }

  /// The lines of a loop's body; its arguments are to be named before they are written.
  init(_ graph: Graph, prefix: String, names: ValueNames) {
    self.graph = graph
    self.prefix = prefix
    self.names = names
    known = [:]
  }

  /// What a value is called, or the literal it is.
  func text(of value: ValueID) -> String {
    ProgramExpressions(graph: graph, names: names).operand(value)
  }

  mutating func write() {
    let used = usedValues()
    for node in graph.nodeIDs {
      let value = graph.result(of: node)
      if graph.op(of: node) == .scan {
        writeScan(node, used: used)
        continue
      }
      if names[value] != nil || ProgramExpressions.isLiteral(node, graph) { continue }
      let expressions = ProgramExpressions(graph: graph, names: names)
      if graph.op(of: node) == .identity {
        names.alias(value, expressions.operand(graph.operands(of: node).first ?? value))
        continue
      }
      let definition = expressions.definition(of: node)
      let type = graph.type(of: value)
      // A list of numbers has no type of its own, so it is declared.
      let declared = definition.hasPrefix("[") ? ": \(type)" : ""
      if let name = known[definition + declared] {
        names.alias(value, name)
        continue
      }
      let name = name(value)
      known[definition + declared] = name
      lines.append("let \(name)\(declared) = \(definition)")
    }
  }

  /// By `ValueID.index`: whether a node or a result is the value.
  private func usedValues() -> [Bool] {
    var used = [Bool](repeating: false, count: graph.valueCount)
    for node in graph.nodeIDs {
      for operand in graph.operands(of: node) { used[operand.index] = true }
    }
    for result in graph.results { used[result.value.index] = true }
    return used
  }

  /// Names a value after itself where its name is one of the language's, else `v1`, `v2`, ….
  mutating func name(_ value: ValueID, otherwise letter: String = "v") -> String {
    guard let own = graph.name(of: value), ProgramBody.isPath(own) else {
      return names.giveNumber(value, prefix + letter)
    }
    return names.give(value, prefix + own)
  }

  /// Whether a text is a path of the language that is safe to declare.
  static func isPath(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      guard let first = part.unicodeScalars.first else { return false }
      return !reservedWords.contains(String(part))
        && (first.properties.isAlphabetic || first == "_")
        && part.unicodeScalars.allSatisfy {
          $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
    }
  }

  private static let reservedWords: Set<String> = [
    "and", "or", "not", "if", "then", "else", "true", "false", "let", "var", "const", "fn", "layer",
    "rule", "for", "return", "import",
  ]
}
