import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// What to change when one side has the batch as its first dimension and the other lacks it
  /// because an input is declared without: the input's type. Nil where that is not the reason.
  ///
  /// - Parameter sizes: the sizes of the longer and of the shorter side that are compared.
  func missingBatch(
    _ sizes: (long: [Dim], short: [Dim]), _ short: Value
  ) -> (help: [String], fixes: [Diagnostic.Fix])? {
    guard case .tensor(let tensor) = short, let symbol = sizes.long.first?.symbol,
      sizes.long.count == sizes.short.count + 1, !sizes.short.contains(Dim(symbol: symbol))
    else { return nil }
    let names = unbatchedInputs(of: tensor)
    guard names.count == 1, let type = inputTypes[names[0]] else { return nil }
    let fix: Diagnostic.Fix
    if let first = type.dimensions?.first {
      let start = SourceRange(
        file: first.range.file, start: first.range.start, end: first.range.start)
      fix = Diagnostic.Fix(start, "\(symbol), ")
    } else if type.dimensions == nil {
      let end = SourceRange(file: type.range.file, start: type.range.end, end: type.range.end)
      fix = Diagnostic.Fix(end, "[\(symbol)]")
    } else {
      return nil
    }
    let text = sources.text(type.range)
    let wanted =
      type.dimensions == nil
      ? "\(text)[\(symbol)]" : text.replacingFirst("[", with: "[\(symbol), ")
    return (["declare one for each example: `input \(names[0]): \(wanted)`"], [fix])
  }

  /// The inputs a value depends on whose first dimension does not count examples, sorted.
  /// - Complexity: O(nodes before it).
  private func unbatchedInputs(of tensor: TensorValue) -> [String] {
    guard let graph = level(of: tensor.graph)?.graph else { return [] }
    var names: Set<String> = []
    var seen: Set<NodeID> = []
    var waiting = [tensor.id]
    while let value = waiting.popLast(), seen.count < 10_000 {
      let node = graph.node(of: value)
      guard seen.insert(node).inserted else { continue }
      if graph.op(of: node) == .input, !isBatched(graph.type(of: value).shape) {
        names.insert(graph.attributes(of: node).text("name"))
      }
      waiting += graph.operands(of: node)
    }
    return names.sorted()
  }
}

extension String {
  /// The text with its first `character` replaced.
  fileprivate func replacingFirst(_ character: Character, with text: String) -> String {
    guard let place = firstIndex(of: character) else { return self }
    return String(self[..<place]) + text + String(self[index(after: place)...])
  }
}
