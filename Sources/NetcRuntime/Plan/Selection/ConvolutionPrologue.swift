import NetcCore
import NetcGraph

/// What convolutions and their adjoints in the kernel do to their input while they pack it: numbers
/// for each channel multiplied and added, negative results made 0. The value, which they then need
/// not find in memory, is computed again by the one elementwise operation that may read it too.
struct ConvolutionPrologue {
  /// What is in memory.
  let source: ValueID
  /// One number for each channel.
  let scale: ValueID
  let shift: ValueID
  let kind: ConvolutionGeometry.Prologue
  /// The channels' axis.
  private let axis: Int
  /// The nodes from the source to the value.
  let members: [NodeID]

  /// By `NodeID.index` of the convolution, all that pay: every reader of a value is a convolution
  /// that takes it this way, but for one.
  /// - Complexity: O(nodes + operands).
  static func found(
    _ graph: Graph, _ analysis: GraphAnalysis, _ bindings: DimBindings
  ) -> [Int: ConvolutionPrologue] {
    var result: [Int: ConvolutionPrologue] = [:]
    var seen: Set<Int> = []
    for node in graph.nodeIDs
    where graph.op(of: node) == .convolution && analysis.isNeeded[node.index] {
      let value = analysis.operands(node)[0]
      guard seen.insert(value.index).inserted,
        let prologue = ConvolutionPrologue(graph, value, analysis)
      else { continue }
      let users = analysis.users.of(value).map { NodeID(Int($0)) }
      let others = users.filter { graph.op(of: $0) != .convolution }
      let convolutions = users.filter { graph.op(of: $0) == .convolution }
      guard others.count <= 1, others.allSatisfy({ isElementwise(graph, $0, value, analysis) }),
        convolutions.allSatisfy({ takes(graph, $0, prologue, value, analysis, bindings) })
      else { continue }
      for user in convolutions { result[user.index] = prologue }
    }
    return result
  }

  /// The chain that ends in a value.
  private init?(_ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis) {
    guard !analysis.isResult[value.index], !analysis.isFree[value.index] else { return nil }
    var last = graph.node(of: value)
    var members: [NodeID] = []
    if graph.op(of: last) == .select {
      let operands = analysis.operands(last)
      guard let x = ConvolutionEnding.rectified(graph, operands, analysis) else { return nil }
      members = [last, graph.node(of: operands[0])]
      last = graph.node(of: x)
    }
    kind = members.isEmpty ? .affine : .rectified
    guard graph.op(of: last) == .add,
      let sum = ConvolutionPrologue.row(graph, last, analysis),
      graph.op(of: sum.other) == .multiply,
      analysis.users.of(sum.other).count == 1, !analysis.isResult[sum.other.index],
      let product = ConvolutionPrologue.row(graph, graph.node(of: sum.other), analysis),
      product.row.axis == sum.row.axis
    else { return nil }
    members += [last, graph.node(of: sum.other)]
    let maker = graph.node(of: product.other)
    guard members.allSatisfy({ analysis.mapRule($0) != nil }),
      !analysis.isRecomputed[maker.index], !analysis.isFree[product.other.index]
    else { return nil }
    self.members = members
    (source, scale, shift) = (product.other, product.row.numbers, sum.row.numbers)
    axis = sum.row.axis
  }

  /// The operand that a list of numbers, repeated along all axes but one, is joined with.
  private static func row(
    _ graph: Graph, _ node: NodeID, _ analysis: GraphAnalysis
  ) -> (other: ValueID, row: ChannelRow)? {
    let operands = analysis.operands(node)
    for (own, other) in [(1, 0), (0, 1)] {
      if let row = ChannelRow(graph, operands[own], analysis) { return (operands[other], row) }
    }
    return nil
  }

  /// Whether a node computes elements of the same index space.
  private static func isElementwise(
    _ graph: Graph, _ node: NodeID, _ value: ValueID, _ analysis: GraphAnalysis
  ) -> Bool {
    let sizes = analysis.sizes
    return analysis.mapRule(node) != nil
      && sizes[Int(graph.typeNumber(of: graph.result(of: node)))]
        == sizes[Int(graph.typeNumber(of: value))]
  }

  /// Whether a convolution packs its input's rows, the channels where the prologue has them.
  private static func takes(
    _ graph: Graph, _ node: NodeID, _ prologue: ConvolutionPrologue, _ value: ValueID,
    _ analysis: GraphAnalysis, _ bindings: DimBindings
  ) -> Bool {
    guard let call = ConvolutionCall(graph, analysis, bindings, node), call.summed > 0,
      call.operands[0] == value, call.operands[1] != value, !call.axes.isGrouped
    else { return false }
    if DirectConvolution.isKernelAdjoint(call) {
      return call.axes.lhsAxes[0] == prologue.axis
        && DirectConvolution.adjointGeometry(call) != nil
    }
    return call.axes.lhsAxes[1] == prologue.axis && DirectConvolution.geometry(call) != nil
  }
}
