import NetcCore
import NetcGraph

/// What is done to a convolution's result by its own instruction: a number for each channel added,
/// negative results made 0.
struct ConvolutionEnding {
  /// The convolution's node.
  let convolution: NodeID
  /// One number for each channel.
  private(set) var bias: ValueID?
  private(set) var isRectified = false
  /// The nodes computed on the way, the convolution first.
  private(set) var absorbed: [NodeID]

  /// The ending at an addition or a rectifier.
  /// - Returns: nil unless the node is one whose convolution nothing else reads.
  init?(_ graph: Graph, _ node: NodeID, _ analysis: GraphAnalysis, _ bindings: DimBindings) {
    let operands = analysis.operands(node)
    switch graph.op(of: node) {
    case .add:
      let rows = operands.map { ChannelRow(graph, $0, analysis) }
      guard
        let place = [0, 1].first(where: {
          rows[1 - $0] != nil
            && ConvolutionEnding.isConvolution(graph, operands[$0], analysis, bindings)
        }), let row = rows[1 - place]
      else { return nil }
      convolution = graph.node(of: operands[place])
      absorbed = [convolution]
      let own = ConvolutionDimensions(graph.attributes(of: convolution))
      guard !own.isGrouped, row.axis == own.resultAxes[1] else { return nil }
      bias = row.numbers
    case .select:
      guard let x = ConvolutionEnding.rectified(graph, operands, analysis) else { return nil }
      let inner = graph.node(of: x)
      if let ending = analysis.endings[inner.index], !ending.isRectified {
        self = ending
        absorbed.append(inner)
      } else if ConvolutionEnding.isConvolution(graph, x, analysis, bindings, uses: 2) {
        convolution = inner
        absorbed = [inner]
      } else {
        return nil
      }
      absorbed.append(graph.node(of: operands[0]))
      isRectified = true
    default: return nil
    }
  }

  /// Whether a value is the result of a convolution of the direct kernel and read so many times.
  private static func isConvolution(
    _ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis, _ bindings: DimBindings,
    uses: Int = 1
  ) -> Bool {
    guard graph.op(of: value) == .convolution, analysis.users.of(value).count == uses,
      !analysis.isResult[value.index],
      let call = ConvolutionCall(graph, analysis, bindings, graph.node(of: value))
    else { return false }
    return DirectConvolution.geometry(call) != nil
  }

  /// The x of where(x <= 0, 0, x) when nothing else reads it or the comparison.
  static func rectified(
    _ graph: Graph, _ operands: OperandTable.Operands, _ analysis: GraphAnalysis
  ) -> ValueID? {
    let (mask, x) = (operands[0], operands[2])
    guard graph.op(of: mask) == .compare, isZero(graph, operands[1], analysis),
      analysis.users.of(mask).count == 1, !analysis.isResult[mask.index],
      analysis.users.of(x).count == 2, !analysis.isResult[x.index]
    else { return nil }
    let comparison = graph.node(of: mask)
    let sides = analysis.operands(comparison)
    guard graph.attributes(of: comparison).text("direction") == ComparisonDirection.le.rawValue,
      sides[0] == x, isZero(graph, sides[1], analysis)
    else { return nil }
    return x
  }

  private static func isZero(_ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis) -> Bool {
    let node = graph.node(of: value)
    switch graph.op(of: value) {
    case .constant: return graph.attributes(of: node).numbers("values").allSatisfy { $0 == 0 }
    case .broadcastInDim:
      return analysis.operands(node).first.map { isZero(graph, $0, analysis) } ?? false
    default: return false
    }
  }
}
