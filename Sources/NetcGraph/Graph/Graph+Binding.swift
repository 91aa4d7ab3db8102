package import NetcCore

/// A graph that does not fit the sizes given to its symbols.
package struct BindingError: Error, Hashable, Sendable {
  /// What does not fit: lower case, no full stop.
  package let message: String
  /// Where the node at fault comes from.
  package let origin: Origin
}

extension Graph {
  /// The names of the symbols in the graph's types, sorted.
  package var symbols: [String] {
    var names: Set<String> = []
    var seen: Set<UInt32> = []
    for index in 0..<valueCount where seen.insert(typeNumber(of: ValueID(index))).inserted {
      for dim in type(of: ValueID(index)).shape.dims { names.formUnion(dim.symbols) }
    }
    return names.sorted()
  }

  /// Checks that every size is known, not below 0 and countable, and that slices and paddings fit.
  /// - Throws: `BindingError` for the first value that does not.
  /// - Complexity: O(nodes), bodies included.
  package func checkBinding(_ bindings: DimBindings) throws(BindingError) {
    for node in nodeIDs {
      for value in results(of: node) {
        let shape = type(of: value).shape
        guard let sizes = shape.sizes(bindings), elementCount(sizes.map { max(1, $0) }) != nil
        else {
          let title = name(of: value).map { "`\($0)`" } ?? op(of: node).operation.name
          throw BindingError(
            message: "\(title) has shape \(shape), which these sizes do not allow",
            origin: origin(of: node))
        }
      }
      let attributes = attributes(of: node)
      let operands = operands(of: node).map { type(of: $0) }
      if let problem = op(of: node).operation.bindingProblem(operands, attributes, bindings) {
        throw BindingError(message: problem, origin: origin(of: node))
      }
      if op(of: node) == .composite || op(of: node) == .scan {
        try attributes.body("body").graph.checkBinding(bindings)
      }
    }
  }
}
