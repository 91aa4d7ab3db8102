import NetcCore
import NetcGraph

/// Loops as `scan … { … }`: what is carried in a `var` before, the body's operations one a line.
extension ProgramBody {
  mutating func writeScan(_ node: NodeID, used: [Bool]) {
    let results = graph.results(of: node)
    let parts = ScanParts(graph.attributes(of: node), operands: graph.operands(of: node))
    let carried = parts.carried.enumerated().map { place, initial in
      let text = exactText(of: initial)
      let name = name(results[place], otherwise: "c")
      lines.append("var \(name) = \(text)")
      return name
    }
    var inner = ProgramBody(
      parts.body.graph, prefix: prefix, names: names.nested(parts.body.graph.valueCount))
    let header = inner.bindArguments(
      parts, carried: carried, captured: parts.captured.map { text(of: $0) },
      sequences: parts.sequences.map { text(of: $0) })
    inner.write()
    var yields = yields(parts, results, used, inner)
    if carried.isEmpty, yields.isEmpty, let first = parts.body.graph.results.first {
      yields = [(results[0], inner.exactText(of: first.value))]
    }
    names.reserve(inner.names)
    let targets = yields.map { name($0.result, otherwise: "v") }
    let left = targets.isEmpty ? "" : "let \(targets.joined(separator: ", ")) = "
    lines.append("\(left)scan \(header) {")
    lines += carried.map { "  let \($0)_in = \($0)" } + inner.lines.map { "  " + $0 }
    let next = parts.body.graph.results.prefix(carried.count).map { inner.exactText(of: $0.value) }
    if next.count == 1 { lines.append("  \(carried[0]) = \(next[0])") }
    if next.count > 1 {
      lines.append(
        "  \(carried.joined(separator: ", ")) = [\(next.joined(separator: ", "))]")
    }
    if !yields.isEmpty {
      lines.append("  yield " + yields.map(\.text).joined(separator: ", "))
    }
    lines.append("}")
  }

  /// The stacked results that something uses, with what a turn yields for each.
  private func yields(
    _ parts: ScanParts<ValueID>, _ results: ConsecutiveIDs<ValueID>, _ used: [Bool],
    _ inner: ProgramBody
  ) -> [(result: ValueID, text: String)] {
    let own = parts.body.graph.results
    let count = parts.carried.count
    return results.indices.dropFirst(count).compactMap { place in
      guard used[results[place].index] else { return nil }
      if place < own.count { return (results[place], inner.exactText(of: own[place].value)) }
      guard let name = names[results[place - own.count]] else { return nil }
      return (results[place], name + "_in")
    }
  }

  /// What stands before the names of a header, which have no dots.
  private var rowPrefix: String { String(prefix.map { $0 == "." ? "_" : $0 }) }

  /// Names the body's arguments; gives the header.
  private mutating func bindArguments(
    _ parts: ScanParts<ValueID>, carried: [String], captured: [String], sequences: [String]
  ) -> String {
    for name in carried { names.reserve(name + "_in") }
    var items: [String] = []
    let rows = sequences.map { sequence in
      let name = names.reserveNumber(rowPrefix + "x")
      items.append("\(name) in \(sequence)")
      return name
    }
    var position = ""
    var isRead = false
    for node in graph.nodeIDs where graph.op(of: node) == .argument {
      let value = graph.result(of: node)
      let index = graph.attributes(of: node).int("index")
      let row = index - carried.count
      if row < 0 {
        names.alias(value, carried[index] + "_in")
      } else if row < rows.count {
        names.alias(value, rows[row])
      } else if row - rows.count < captured.count {
        names.alias(value, captured[row - rows.count])
      } else {
        if !isRead { position = names.reserveNumber(rowPrefix + "t") }
        isRead = true
        names.alias(value, position)
      }
    }
    var hasAxis = !rows.isEmpty
    if isRead || items.isEmpty {
      if !isRead { position = names.reserveNumber(rowPrefix + "t") }
      if let count = parts.length.constant {
        items.insert("\(position) in 0..<\(count)", at: 0)
      } else {
        items.insert("\(position) in iota([\(parts.length)], axis: 0)", at: 0)
        hasAxis = true
      }
    }
    return items.joined(separator: ", ") + (hasAxis ? " along 0" : "")
      + (parts.isReversed ? " reversed" : "")
  }

  /// The value's name or literal, a whole number so that it stays one.
  private func exactText(of value: ValueID) -> String {
    let plain = text(of: value)
    let type = graph.type(of: value)
    guard names[value] == nil, type.element == .int, graph.op(of: value) == .constant else {
      return plain
    }
    return "literal(\(plain), [], element: int)"
  }
}
