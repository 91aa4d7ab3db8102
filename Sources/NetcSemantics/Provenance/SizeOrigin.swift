import NetcCore
import NetcGraph

/// The operand and its dimension that a dimension of a node's result comes from.
struct SizeOrigin {
  let value: ValueID
  let axis: Int

  /// Where `axis` of the result comes from; nil where the operation's own attributes decide it.
  init?(_ graph: Graph, _ node: NodeID, _ axis: Int) {
    let operands = Array(graph.operands(of: node))
    guard let first = operands.first else { return nil }
    let attributes = graph.attributes(of: node)
    let rank = graph.type(of: first).shape.rank
    var place: (operand: Int, axis: Int)? = (0, axis)
    switch graph.op(of: node) {
    case .transpose: place = (0, attributes.ints("permutation")[axis])
    case .reduceSum, .reduceMax:
      let reduced = attributes.ints("axes")
      place = (0, (0..<rank).filter { !reduced.contains($0) }[axis])
    case .argmax: place = (0, axis >= attributes.int("axis") ? axis + 1 : axis)
    case .dotGeneral: place = Self.ofProduct(DotDimensions(attributes), rank, axis)
    case .convolution: place = Self.ofConvolution(ConvolutionDimensions(attributes), axis)
    case .gather:
      let indices = graph.type(of: operands[1]).shape.rank
      place = Self.ofGather(attributes.int("axis"), attributes.int("batch_dims"), indices, axis)
    case .slice, .pad, .concatenate, .windowSum, .windowArgmax: break
    default:
      let shape = graph.type(of: graph.result(of: node)).shape
      let like = operands.indices.filter { graph.type(of: operands[$0]).shape == shape }
      let telling = like.first {
        ![.constant, .broadcastInDim].contains(graph.op(of: operands[$0]))
      }
      place = (telling ?? like.first).map { ($0, axis) }
    }
    guard let place, place.axis < graph.type(of: operands[place.operand]).shape.rank else {
      return nil
    }
    value = operands[place.operand]
    self.axis = place.axis
  }

  private static func ofProduct(
    _ axes: DotDimensions, _ rank: Int, _ axis: Int
  ) -> (operand: Int, axis: Int) {
    let left = axes.lhsBatch + axes.lhsFree(rank: rank)
    if axis < left.count { return (0, left[axis]) }
    let taken = Set(axes.rhsBatch + axes.rhsContracting)
    var free = (0...(axis + taken.count)).filter { !taken.contains($0) }
    free.removeFirst(axis - left.count)
    return (1, free[0])
  }

  private static func ofConvolution(
    _ axes: ConvolutionDimensions, _ axis: Int
  ) -> (operand: Int, axis: Int)? {
    guard let role = axes.resultAxes.firstIndex(of: axis) else { return nil }
    let feature = axes.lhsAxes.count - axes.stride.count - 1
    return role == feature ? (1, axes.rhsAxes[feature - 1]) : (0, axes.lhsAxes[role])
  }

  private static func ofGather(
    _ axis: Int, _ batch: Int, _ indices: Int, _ place: Int
  ) -> (operand: Int, axis: Int) {
    let inserted = indices - batch
    if place < axis { return (0, place) }
    if place < axis + inserted { return (1, place - axis + batch) }
    return (0, place - inserted + 1)
  }
}
