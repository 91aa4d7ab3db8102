package import NetcCore
package import NetcGraph

/// The graph as text for people: one named value a line with its type, where it comes from and by
/// which rule.
package struct TextEmitter {
  let graph: Graph
  let sources: SourceMap
  var names: ValueNames
  private var useCounts: [Int]
  private var depths: [Int]
  private let withNotes: Bool

  /// How deep an expression grows before a part of it gets a line of its own.
  private static let depthLimit = 7

  /// Prepares `graph`, whose origins point into `sources`; `withNotes` says rule and line beside
  /// each value.
  package init(_ graph: Graph, sources: SourceMap, withNotes: Bool = true) {
    self.graph = graph
    self.sources = sources
    self.withNotes = withNotes
    names = ValueNames(valueCount: graph.valueCount)
    useCounts = Array(repeating: 0, count: graph.valueCount)
    depths = Array(repeating: 0, count: graph.valueCount)
    for node in graph.nodeIDs {
      for operand in graph.operands(of: node) { useCounts[operand.index] += 1 }
    }
  }

  /// The whole text: leaves, values in order, results under other names.
  package mutating func text() -> String {
    nameValues()
    let expressions = ReadableExpressions(graph: graph, names: names)
    var rows = graph.nodeIDs.flatMap { self.rows($0, expressions) }
    for result in graph.results where names[result.value] != result.name {
      guard result.role != .gradient, result.role != .watched else { continue }
      let left = "\(result.role.rawValue) \(result.name)"
      rows.append(Row(left: left, right: expressions.spelling(of: result.value).text, note: ""))
    }
    return Row.aligned(rows)
  }

  /// The forward values that the derivative uses under `forward:`, then the derived ones in order.
  package mutating func derivedText() -> String {
    nameValues()
    let expressions = ReadableExpressions(graph: graph, names: names)
    var forward: [Row] = []
    var derived: [Row] = []
    for node in graph.nodeIDs {
      let rows = rows(node, expressions)
      guard let first = rows.first, !first.right.isEmpty else { continue }
      if graph.origin(of: node).rule == nil { forward += rows } else { derived += rows }
    }
    return "forward:\n" + Row.aligned(forward) + "derived:\n" + Row.aligned(derived)
  }

  /// Named values, values used more than once and deep ones get a name; the rest is written in
  /// place.
  mutating func nameValues() {
    let wanted = Set(graph.results.map(\.value))
    for node in graph.nodeIDs {
      let deepest =
        graph.operands(of: node).map { names[$0] == nil ? depths[$0.index] : 0 }.max() ?? 0
      for value in graph.results(of: node) where names[value] == nil {
        depths[value.index] = deepest + 1
        if let name = graph.name(of: value) {
          names.give(value, name)
        } else if !isTrivial(node),
          useCounts[value.index] > 1 || deepest >= Self.depthLimit
            || wanted.contains(value) || graph.results(of: node).count > 1
        {
          names.giveNumber(value, "t")
        }
      }
    }
  }

  /// Whether a value is as short written out as by name.
  private func isTrivial(_ node: NodeID) -> Bool {
    switch graph.op(of: node) {
    case .constant, .dimension, .step: true
    case .broadcastInDim, .identity, .convert:
      graph.operands(of: node).allSatisfy { names[$0] != nil || isTrivial(graph.node(of: $0)) }
    default: false
    }
  }

  /// The line of a node, or the lines of a loop; none for what is written in place.
  func rows(_ node: NodeID, _ expressions: ReadableExpressions) -> [Row] {
    switch graph.op(of: node) {
    case .argument: []
    case .scan: loop(node, expressions)
    default: row(node, expressions).map { [$0] } ?? []
    }
  }

  private func row(_ node: NodeID, _ expressions: ReadableExpressions) -> Row? {
    let values = graph.results(of: node)
    let named = values.compactMap { names[$0] }
    guard !named.isEmpty else { return nil }
    let op = graph.op(of: node)
    let type = graph.type(of: values[0])
    let left = values.map { names[$0] ?? "_" }.joined(separator: ", ") + ": \(type)"
    switch op {
    case .input, .parameter, .state:
      let keyword = op == .parameter ? "param" : op.operation.name
      return Row(left: "\(keyword) \(left)", right: "", note: "")
    default:
      return Row(left: left, right: expressions.definition(of: node).text, note: note(node))
    }
  }

  /// `rule, file:line` for a derived node, `file:line` for one of the program's own.
  func note(_ node: NodeID) -> String {
    if !withNotes { return "" }
    let origin = graph.origin(of: node)
    let place = origin.range.map { sources.line($0) }
    return [origin.rule, place].compactMap { $0 }.joined(separator: ", ")
  }
}

/// One line of the text form.
struct Row {
  let left: String
  let right: String
  let note: String

  /// The lines with their equal signs below one another, as far as that keeps them readable.
  static func aligned(_ rows: [Row]) -> String {
    let width = min(32, rows.filter { !$0.right.isEmpty }.map(\.left.count).max() ?? 0)
    let bodies = rows.map { row in
      row.right.isEmpty ? row.left : pad(row.left, width) + " = " + row.right
    }
    let column = min(72, bodies.map(\.count).max() ?? 0)
    var text = ""
    for (row, body) in zip(rows, bodies) {
      text += row.note.isEmpty ? body : pad(body, column) + "  // " + row.note
      text += "\n"
    }
    return text
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: Swift.max(0, width - text.count))
  }
}
