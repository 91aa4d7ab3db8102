import NetcCore
import NetcGraph

extension Lowering {
  /// Warns of a loss on the wrong output: probabilities, or scores that cannot be negative, handed
  /// to a loss that takes scores.
  ///
  /// What stands between the two may be names, pipes, results of layers and functions, and
  /// operations that only arrange.
  /// - Complexity: O(nodes, those of the user's functions included).
  mutating func lintNormalisation() {
    lintLosses(.open(b.graph, number: graph))
  }

  private static let lossesOfScores: Set<String> = [
    "cross_entropy", "binary_cross_entropy", "focal", "binary_focal", "binary_log_loss",
  ]

  private mutating func lintLosses(_ level: TraceLevel) {
    let graph = level.graph
    for node in graph.nodeIDs where graph.op(of: node) == .composite {
      let attributes = graph.attributes(of: node)
      let name = attributes.text("name")
      let operands = Array(graph.operands(of: node))
      let range = graph.origin(of: node).range ?? level.call
      guard let first = operands.first, let range else { continue }
      if Self.lossesOfScores.contains(name) || name == "nll" {
        if let source = activation(first, level, 0) { warn(name, range, source) }
      } else if !LibraryIndex.names.contains(name) {
        lintLosses(
          .body(
            attributes.body("body").graph, arguments: operands, rows: 0..<0, call: range,
            outer: level))
      }
    }
  }

  /// The activation that a value is the result of, with its place.
  private func activation(
    _ value: ValueID, _ level: TraceLevel, _ depth: Int
  ) -> (name: String, range: SourceRange?)? {
    if depth > 64 { return nil }
    let graph = level.graph
    let node = graph.node(of: value)
    let attributes = graph.attributes(of: node)
    let operands = Array(graph.operands(of: node))
    let range = graph.origin(of: node).range ?? level.call
    switch graph.op(of: node) {
    case .logistic: return ("sigmoid", range)
    case .identity, .reshape, .transpose, .slice, .stopGradient, .broadcastInDim:
      return activation(operands[0], level, depth + 1)
    case .maximum:
      return operands.contains { isZero($0, graph) } ? ("relu", range) : nil
    case .argument:
      let index = attributes.int("index")
      guard case .body(_, let arguments, _, _, let outer) = level, index < arguments.count else {
        return nil
      }
      return activation(arguments[index], outer, depth + 1)
    case .composite:
      let name = attributes.text("name")
      if ["softmax", "log_softmax", "relu"].contains(name) { return (name, range) }
      if LibraryIndex.names.contains(name), name != "squeeze", name != "flatten" { return nil }
      let body = attributes.body("body").graph
      guard let place = graph.results(of: node).firstIndex(of: value) else { return nil }
      let inner = TraceLevel.body(
        body, arguments: operands, rows: 0..<0, call: range, outer: level)
      return activation(body.results[place].value, inner, depth + 1)
    default: return nil
    }
  }

  private func isZero(_ value: ValueID, _ graph: Graph) -> Bool {
    let node = graph.node(of: value)
    if graph.op(of: node) == .broadcastInDim {
      return graph.operands(of: node).first.map { isZero($0, graph) } ?? false
    }
    return graph.op(of: node) == .constant
      && graph.attributes(of: node).numbers("values").allSatisfy { $0 == 0 }
  }

  private mutating func warn(
    _ loss: String, _ range: SourceRange, _ source: (name: String, range: SourceRange?)
  ) {
    let name = source.name
    // Only what stands in the loss's own argument is not used elsewhere.
    let place = source.range.flatMap { isInside($0, range) || isStageBefore($0, range) ? $0 : nil }
    let notes = source.range.flatMap { $0 == range ? nil : Diagnostic.Label($0, "here") }
    let fixes = place.flatMap { removal(of: name, at: $0) }.map { [$0] } ?? []
    switch (loss, name) {
    case ("nll", "softmax"), ("nll", "sigmoid"):
      fail(
        .softmaxTwice, "`nll` takes log-probabilities, and these are probabilities", at: range,
        notes: notes.map { [$0] } ?? [],
        help: ["use `log_softmax`, or `cross_entropy` on the logits"])
    case ("nll", _): break
    case (_, "relu"):
      fail(
        .clippedScores, "`\(loss)` takes logits, and after `relu` these are never negative",
        at: range, notes: notes.map { [$0] } ?? [],
        help: ["leave `relu` out after the last layer"], fixes: fixes)
    default:
      fail(
        .softmaxTwice, "`\(loss)` takes logits, and these have been through `\(name)`", at: range,
        notes: notes.map { [$0] } ?? [],
        help: ["leave `\(name)` out: `\(loss)` normalises by itself"], fixes: fixes)
    }
  }

  private func isInside(_ inner: SourceRange, _ outer: SourceRange) -> Bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
      && inner != outer
  }

  /// Whether only a `|>` stands between two stages of one pipeline.
  private func isStageBefore(_ first: SourceRange, _ second: SourceRange) -> Bool {
    guard first.file == second.file, first.end <= second.start else { return false }
    let between = sources[first.file].text(from: first.end, to: second.start)
    return between.filter { $0 != " " && $0 != "\n" && $0 != "\t" && $0 != "\r" } == "|>"
  }

  /// A fix-it that takes the call of a function of one tensor away: a stage with its `|>`, or
  /// `softmax(h)` for `h`.
  private func removal(of name: String, at range: SourceRange) -> Diagnostic.Fix? {
    let text = sources.text(range)
    if text == name || text == name + "()" {
      guard isStage(range) else { return nil }
      let bytes = sources[range.file].utf8
      var start = Int(range.start)
      while start > 0, bytes[start - 1] != 0x7C { start -= 1 }
      start -= 1
      while start > 0, bytes[start - 1] == 0x20 { start -= 1 }
      return Diagnostic.Fix(
        SourceRange(file: range.file, start: UInt32(max(0, start)), end: range.end), "")
    }
    guard text.hasPrefix(name + "("), text.hasSuffix(")") else { return nil }
    let argument = text.dropFirst(name.count + 1).dropLast()
    var depth = 0
    for character in argument {
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      if depth < 0 || depth == 0 && (character == "," || character == "/") { return nil }
    }
    return Diagnostic.Fix(range, String(argument))
  }
}
