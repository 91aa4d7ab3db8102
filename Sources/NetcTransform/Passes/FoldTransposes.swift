import NetcCore
import NetcGraph

extension Pass {
  /// Lets products read their operands transposed and write their results so.
  package static let foldTransposes = Pass(
    name: "transposes-into-products",
    summary: """
      folds transposes of a product's operands and of its result into the product's axes; each sum keeps its \
      order, so its bits
      """,
    keeps: .bits, isIdempotent: false
  ) { graph in
    Rewriter.rewrite(graph, [.dotGeneral, .transpose]) { rewriter, node in
      switch node.op {
      case .dotGeneral: rewriter.withOperandsTransposed(node)
      case .transpose: rewriter.withResultTransposed(node)
      default: nil
      }
    }
  }
}

extension Rewriter {
  /// dot(transpose(x), y) as a product of x with other axes, where the free axes keep their order.
  fileprivate mutating func withOperandsTransposed(_ node: Candidate) -> Replacement? {
    let axes = DotDimensions(node.attributes)
    if let lhs = definition(of: node.operands[0], .transpose) {
      let permutation = builder.graph.attributes(of: lhs).ints("permutation")
      let free = axes.lhsFree(rank: permutation.count).map { permutation[$0] }
      if let x = builder.graph.operands(of: lhs).first, free == free.sorted() {
        let moved = DotDimensions(
          lhsBatch: axes.lhsBatch.map { permutation[$0] }, rhsBatch: axes.rhsBatch,
          lhsContracting: axes.lhsContracting.map { permutation[$0] },
          rhsContracting: axes.rhsContracting)
        return .node(node.with(.dotGeneral, [x, node.operands[1]], moved.attributes))
      }
    }
    if let rhs = definition(of: node.operands[1], .transpose) {
      let permutation = builder.graph.attributes(of: rhs).ints("permutation")
      let free = axes.rhsFree(rank: permutation.count).map { permutation[$0] }
      if let y = builder.graph.operands(of: rhs).first, free == free.sorted() {
        let moved = DotDimensions(
          lhsBatch: axes.lhsBatch, rhsBatch: axes.rhsBatch.map { permutation[$0] },
          lhsContracting: axes.lhsContracting,
          rhsContracting: axes.rhsContracting.map { permutation[$0] })
        return .node(node.with(.dotGeneral, [node.operands[0], y], moved.attributes))
      }
    }
    return nil
  }

  /// transpose(dot(x, y)) as dot(y, x) where the free axes of both operands change places as blocks
  /// and nothing else reads the product.
  fileprivate mutating func withResultTransposed(_ node: Candidate) -> Replacement? {
    guard isOnlyUse(ofOperand: 0, node),
      let dot = definition(of: node.operands[0], .dotGeneral)
    else { return nil }
    let axes = DotDimensions(builder.graph.attributes(of: dot))
    let operands = Array(builder.graph.operands(of: dot))
    let batch = axes.lhsBatch.count
    let lhs = type(of: operands[0]).shape.rank - batch - axes.lhsContracting.count
    let rhs = type(of: operands[1]).shape.rank - batch - axes.rhsContracting.count
    let exchanged =
      Array(0..<batch) + Array(batch + lhs..<batch + lhs + rhs) + Array(batch..<batch + lhs)
    guard node.attributes.ints("permutation") == exchanged else { return nil }
    let moved = DotDimensions(
      lhsBatch: axes.rhsBatch, rhsBatch: axes.lhsBatch, lhsContracting: axes.rhsContracting,
      rhsContracting: axes.lhsContracting)
    return .node(node.with(.dotGeneral, [operands[1], operands[0]], moved.attributes))
  }
}
