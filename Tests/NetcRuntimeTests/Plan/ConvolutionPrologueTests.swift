import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// Convolutions whose input is a tensor changed by channel, computed while they pack it.
@Suite struct ConvolutionPrologueTests {
  private enum Reader: CaseIterable { case convolution, adjoint, mask, secondMask }

  private static let shape: Shape = [4, 6, 5, 7]
  private static let kernel: Shape = [9, 7, 3, 3]

  /// ((x - m) r) g + b, rectified, with those that read it.
  private static func graph(isRectified: Bool, _ readers: [Reader]) -> Graph {
    var b = GraphBuilder()
    let x = b.parameter("x", TensorType(.float, shape))
    let rows = ["m", "r", "g", "b"].map { name in
      b.broadcast(b.parameter(name, TensorType(.float, [7])), to: shape, axes: [3])
    }
    var y = b.add(b.multiply(b.multiply(b.subtract(x, rows[0]), rows[1]), rows[2]), rows[3])
    let zero = b.constant(0, shape)
    if isRectified { y = b.select(b.compare(.le, y, zero), zero, y) }
    for reader in readers {
      let made: ValueID
      switch reader {
      case .convolution:
        made = b.convolution(y, b.parameter("k", TensorType(.float, kernel)), .threeByThree)
      case .adjoint:
        var axes = ConvolutionDimensions(stride: [1, 1], low: [1, 1], high: [1, 1])
        (axes.lhsAxes, axes.rhsAxes) = ([3, 0, 1, 2], [3, 0, 1, 2])
        axes.resultAxes = [1, 0, 2, 3]
        made = b.convolution(y, b.parameter("d", TensorType(.float, [4, 6, 5, 9])), axes)
      case .mask, .secondMask:
        let limit = b.constant(reader == .mask ? 0 : 1, shape)
        made = b.select(b.compare(.le, y, limit), zero, x)
      }
      b.graph.results.append(GraphResult(.output, "\(reader)", made))
    }
    return b.graph
  }

  private static let context = EvaluationContext.numbered([
    ("x", shape), ("m", [7]), ("r", [7]), ("g", [7]), ("b", [7]), ("k", kernel),
    ("d", [4, 6, 5, 9]),
  ])

  /// The most bytes that an elementwise instruction writes.
  private static func written(_ rig: PlanRig) throws -> Int {
    let layout = try PersistentLayout(
      of: [rig.graph], bindings: [:], precision: rig.precision)
    let plan = try rig.plan(.once, layout)
    let lines = plan.scheduleText(sources: SourceMap()).split(separator: "\n")
    return lines.filter { $0.contains(" map ") }.compactMap { line in
      let places = line.split(separator: ">").last?.split(separator: " ").first
      return places?.split(separator: "+").last.flatMap { Int($0) }
    }.max() ?? 0
  }

  @Test(arguments: [false, true])
  func whatOnlyConvolutionsReadIsNotStored(isRectified: Bool) throws {
    for readers in [[Reader.convolution], [.adjoint], [.convolution, .adjoint]] {
      let graph = Self.graph(isRectified: isRectified, readers)
      try expectAgreement(graph)
      let rig = PlanRig(graph, Self.context)
      #expect(try Self.written(rig) < 4 * 6 * 5 * 7 * 8, "\(readers)")
    }
  }

  @Test(arguments: [false, true])
  func oneOtherReaderComputesItAgain(isRectified: Bool) throws {
    let graph = Self.graph(isRectified: isRectified, [.convolution, .adjoint, .mask])
    try expectAgreement(graph)
  }

  @Test(arguments: [false, true])
  func severalOthersFindItInMemory(isRectified: Bool) throws {
    let graph = Self.graph(
      isRectified: isRectified, [.convolution, .adjoint, .mask, .secondMask])
    try expectAgreement(graph)
  }

  private func expectAgreement(_ graph: Graph) throws {
    try PlanRig.expectAgreement(graph, Self.context, (2e-5, 1e-12))
  }
}
