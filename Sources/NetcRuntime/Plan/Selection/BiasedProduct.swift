import NetcGraph

/// A product that only an addition reads, and the row it adds to every row.
struct BiasedProduct {
  /// The product's node.
  let product: NodeID
  /// One number for each column of the product.
  let bias: ValueID

  /// - Returns: nil unless `sum` is such a product and `row` such a row repeated.
  init?(
    _ graph: borrowing Graph, _ sum: ValueID, _ row: ValueID, _ analysis: borrowing GraphAnalysis
  ) {
    guard graph.op(of: sum) == .dotGeneral, analysis.users.of(sum).count == 1,
      !analysis.isResult[sum.index],
      let bias = BiasedProduct.bias(graph, row, of: graph.node(of: sum), analysis)
    else { return nil }
    product = graph.node(of: sum)
    self.bias = bias
  }

  /// What `row` repeats for every row of a product, one number for each column; nil if it does not.
  static func bias(
    _ graph: Graph, _ row: ValueID, of product: NodeID, _ analysis: GraphAnalysis
  ) -> ValueID? {
    guard graph.op(of: row) == .broadcastInDim, !analysis.isFree[row.index] else { return nil }
    let shape = analysis.sizes[Int(graph.typeNumber(of: graph.result(of: product)))]
    let source = analysis.operands(graph.node(of: row))[0]
    let axes = graph.attributes(of: graph.node(of: row)).ints("axes")
    guard axes == [shape.count - 1],
      analysis.sizes[Int(graph.typeNumber(of: source))] == [shape[axes[0]]]
    else { return nil }
    let operands = analysis.operands(product).map {
      analysis.sizes[Int(graph.typeNumber(of: $0))]
    }
    let pairs = DotDimensions(graph.attributes(of: product))
    let columns = pairs.rhsFree(rank: operands[1].count).reduce(1) { $0 * operands[1][$1] }
    let summed = pairs.lhsContracting.reduce(1) { $0 * operands[0][$1] }
    return columns == shape[axes[0]] && summed > 0 ? source : nil
  }
}
