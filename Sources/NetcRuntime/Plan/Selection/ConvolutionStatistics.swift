import NetcCore
import NetcGraph

/// The sum of a convolution's result by channel and the sum of the squares of its distances from
/// other numbers by channel, both from what the convolution leaves of each unit of its work.
///
/// With the sum s of a unit's n elements and the sum q of squares of their distances from s / n,
/// the sum of the squares of their distances from k is q + n (s / n - k)². Source: Chan, Golub and
/// LeVeque, "Algorithms for computing the sample variance", 1983.
struct ConvolutionStatistics {
  /// What the convolution makes.
  let value: ValueID
  /// The node of the sum, and of the sum of squares.
  let sum: NodeID
  let squares: NodeID
  /// The numbers that distances are from.
  let centre: ValueID
  /// What only the sum of squares reads.
  let absorbed: [NodeID]

  /// By the convolution's node, all that can leave one.
  /// - Complexity: O(nodes + operands).
  static func found(
    _ graph: Graph, _ analysis: GraphAnalysis, _ bindings: DimBindings
  ) -> [Int: ConvolutionStatistics] {
    var result: [Int: ConvolutionStatistics] = [:]
    for node in graph.nodeIDs where analysis.isNeeded[node.index] {
      let convolution = analysis.endings[node.index]?.convolution ?? node
      guard graph.op(of: convolution) == .convolution,
        convolution != node || !analysis.isAbsorbed[node.index],
        let call = ConvolutionCall(graph, analysis, bindings, convolution),
        DirectConvolution.geometry(call)?.skippingUnused(isAdjoint: false).allowsStatistics == true,
        let found = ConvolutionStatistics(
          graph, graph.result(of: node), channel: call.axes.resultAxes[1], analysis)
      else { continue }
      result[convolution.index] = found
    }
    return result
  }

  private init?(_ graph: Graph, _ value: ValueID, channel: Int, _ analysis: GraphAnalysis) {
    let shape = analysis.sizes[Int(graph.typeNumber(of: value))]
    guard channel == shape.count - 1 else { return nil }
    func sum(of value: ValueID) -> NodeID? {
      analysis.users.of(value).map { NodeID(Int($0)) }.first { node in
        graph.op(of: node) == .reduceSum && analysis.fusedSums[node.index] != nil
          && graph.attributes(of: node).ints("axes") == Array(0..<channel)
      }
    }
    guard let own = sum(of: value) else { return nil }
    for user in analysis.users.of(value) {
      let distance = NodeID(Int(user))
      let operands = analysis.operands(distance)
      guard graph.op(of: distance) == .subtract, operands[0] == value,
        analysis.isRecomputed[distance.index],
        let centre = ChannelRow(graph, operands[1], analysis), centre.axis == channel,
        let square = ConvolutionStatistics.square(graph, graph.result(of: distance), analysis),
        let squares = sum(of: graph.result(of: square))
      else { continue }
      (self.value, self.sum, self.squares) = (value, own, squares)
      self.centre = centre.numbers
      absorbed = [square]
      return
    }
    return nil
  }

  /// The square of a value, if one sum alone reads it.
  private static func square(
    _ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis
  ) -> NodeID? {
    analysis.users.of(value).map { NodeID(Int($0)) }.first { node in
      let result = graph.result(of: node)
      return graph.op(of: node) == .multiply && analysis.mapRule(node) != nil
        && !analysis.isRecomputed[node.index] && !analysis.isResult[result.index]
        && analysis.operands(node).allSatisfy { $0 == value }
        && analysis.users.of(result).count == 1
    }
  }

  /// What a convolution leaves: two rows of numbers by channel for each unit of so many elements.
  struct Rows {
    let sums: DraftOperand
    let squares: DraftOperand
    let units: Int
    let elements: Int
    let channels: Int
  }

  /// Adds up what a convolution has left, for one of the two nodes.
  static func select(
    _ s: inout Selector, _ statistics: ConvolutionStatistics, _ node: NodeID
  ) throws(PlanError) {
    guard let rows = s.statistics[statistics.value.index] else {
      internalError("op reduce_sum, node \(node.index), pass selection: no statistics")
    }
    if node == statistics.sum {
      ReductionSelection.addRows(&s, node, rows.units, of: rows.channels, from: rows.sums)
      return
    }
    var builder = MapBuilder(shape: [rows.units, rows.channels])
    let sums = builder.input(.float)
    let squares = builder.input(.float)
    let centre = builder.input(.float, strides: [0, 1])
    let count = builder.scalar(.float, Double(rows.elements))
    let distance = builder.apply(
      .realSubtract, builder.apply(.realDivide, sums, count), centre)
    let square = builder.apply(
      .realMultiply, builder.apply(.realMultiply, distance, distance), count)
    builder.tail(builder.apply(.realAdd, square, squares), lastAxes: 1, sumsRows: true)
    let groups = (rows.units + MapInstruction.rowGroup - 1) / MapInstruction.rowGroup
    let target =
      groups == 1
      ? s.allocate(s.graph.result(of: node))
      : s.temporary(
        .float, [groups, rows.channels], symbolic: Shape(sizes: [groups, rows.channels]))
    s.emit(
      try s.built(builder), to: [target],
      from: [rows.sums, rows.squares, try s.dense(statistics.centre)])
    if groups > 1 { ReductionSelection.addRows(&s, node, groups, of: rows.channels, from: target) }
  }
}

extension ConvolutionGeometry {
  /// Whether units of equal size leave sums by channel.
  var allowsStatistics: Bool {
    groups == 1 && band > 0 && axes[1].positions % band == 0 && axes[1].positions > 0
      && outer > 0
  }

  /// Images, planes and bands of rows.
  var units: Int { outer * axes[0].positions * (axes[1].positions / band) }
}
