import NetcCore
import NetcGraph

/// Loops in the text form: what is walked through and carried, the body indented, what a turn
/// leaves and yields.
extension TextEmitter {
  func loop(_ node: NodeID, _ expressions: ReadableExpressions) -> [Row] {
    let parts = ScanParts(graph.attributes(of: node), operands: graph.operands(of: node))
    let results = graph.results(of: node)
    var inner = TextEmitter(parts.body.graph, sources: sources)
    inner.names = names.nested(parts.body.graph.valueCount)
    let carried = parts.carried.indices.map { names[results[$0]] ?? "c\($0 + 1)" }
    let rows = inner.bindArguments(
      parts, carried, parts.captured.map { expressions.spelling(of: $0).bound(.postfix) })
    inner.nameValues()
    let named = results.indices.filter { $0 < carried.count || names[results[$0]] != nil }
    let left = named.map { place in
      let name = place < carried.count ? carried[place] : names[results[place]] ?? "_"
      return "\(name): \(graph.type(of: results[place]))"
    }
    let header = header(parts, rows, carried, expressions)
    var made = [Row(left: left.joined(separator: ", "), right: header, note: note(node))]
    let spelled = ReadableExpressions(graph: inner.graph, names: inner.names)
    for row in inner.graph.nodeIDs.flatMap({ inner.rows($0, spelled) }) {
      made.append(Row(left: "  " + row.left, right: row.right, note: row.note))
    }
    let given = inner.graph.results.map { spelled.spelling(of: $0.value).text }
    for (name, next) in zip(carried, given) {
      made.append(Row(left: "  next \(name)", right: next, note: ""))
    }
    let yields = given.dropFirst(carried.count).joined(separator: ", ")
    if !yields.isEmpty { made.append(Row(left: "  yield \(yields)", right: "", note: "")) }
    return made + [Row(left: "}", right: "", note: "")]
  }

  private func header(
    _ parts: ScanParts<ValueID>, _ rows: [String], _ carried: [String],
    _ expressions: ReadableExpressions
  ) -> String {
    func spelled(_ value: ValueID) -> String { expressions.spelling(of: value).text }
    var items = zip(rows, parts.sequences).map { "\($0) in \(spelled($1))" }
    if items.isEmpty { items = ["t in 0..<\(parts.length)"] }
    var text = "scan " + items.joined(separator: ", ")
    if parts.isReversed { text += " reversed" }
    let starts = zip(carried, parts.carried).map { "\($0) from \(spelled($1))" }
    if !starts.isEmpty { text += ", carrying " + starts.joined(separator: ", ") }
    return text + " {"
  }

  /// Names the arguments of a loop's body; gives the names of the rows.
  private mutating func bindArguments(
    _ parts: ScanParts<ValueID>, _ carried: [String], _ captured: [String]
  ) -> [String] {
    let rows = parts.sequences.map { _ in names.reserveNumber("x") }
    let all = carried + rows + captured + ["t"]
    for node in graph.nodeIDs where graph.op(of: node) == .argument {
      names.alias(graph.result(of: node), all[graph.attributes(of: node).int("index")])
    }
    return rows
  }
}
