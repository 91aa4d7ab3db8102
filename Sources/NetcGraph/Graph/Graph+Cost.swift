package import NetcCore

extension Graph {
  /// How many multiply-adds the products of the graph take, bodies included: for each `dot_general`
  /// and `convolution` the number of its results times the length of its sums.
  /// - Complexity: O(nodes), bodies included.
  package var multiplyAdds: Dim { nodeIDs.reduce(Dim(0)) { $0 + multiplyAdds(of: $1) } }

  /// How many multiply-adds a node takes, its bodies included.
  package func multiplyAdds(of node: NodeID) -> Dim {
    switch op(of: node) {
    case .dotGeneral:
      let summed = DotDimensions(attributes(of: node)).lhsContracting
      let lhs = type(of: operands(of: node)[operands(of: node).startIndex]).shape
      return summed.reduce(type(of: result(of: node)).shape.count) { $0 * lhs[$1] }
    case .convolution:
      let axes = ConvolutionDimensions(attributes(of: node))
      let kernel = type(of: operands(of: node)[operands(of: node).startIndex + 1]).shape
      return axes.rhsSummed.reduce(type(of: result(of: node)).shape.count) { $0 * kernel[$1] }
    case .composite: return attributes(of: node).body("body").graph.multiplyAdds
    case .scan:
      let attributes = attributes(of: node)
      return attributes.dim("length") * attributes.body("body").graph.multiplyAdds
    default: return Dim(0)
    }
  }

  /// The multiply-adds with `batch` examples taken as one.
  package func multiplyAddsPerExample(batch: String = "batch") -> Dim {
    multiplyAdds.substituting([batch: 1])
  }
}
