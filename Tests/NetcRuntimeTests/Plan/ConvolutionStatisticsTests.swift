import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// Sums by channel of a convolution's result and of the squares of its distances from their mean.
@Suite struct ConvolutionStatisticsTests {
  private static let input: Shape = [3, 8, 6, 7]
  private static let kernel: Shape = [9, 7, 3, 3]

  /// A convolution, its sums and its result brought to mean 0 and variance 1.
  private static func graph(isRectified: Bool, hasSquares: Bool) -> Graph {
    var b = GraphBuilder()
    let x = b.parameter("x", TensorType(.float, input))
    var y = b.convolution(x, b.parameter("k", TensorType(.float, kernel)), .threeByThree)
    let shape = b.shape(of: y)
    let row = b.broadcast(b.parameter("b", TensorType(.float, [9])), to: shape, axes: [3])
    y = b.add(y, row)
    if isRectified {
      let zero = b.constant(0, shape)
      y = b.select(b.compare(.le, y, zero), zero, y)
    }
    let count = b.constant(144, [9])
    let sum = b.reduceSum(y, axes: [0, 1, 2])
    b.graph.results.append(GraphResult(.output, "sum", sum))
    let mean = b.reshape(b.divide(sum, count), to: [1, 1, 9])
    let distance = b.subtract(y, b.broadcast(mean, to: shape, axes: [0, 1, 3]))
    if hasSquares {
      let squares = b.reduceSum(b.multiply(distance, distance), axes: [0, 1, 2])
      let rate = b.rsqrt(b.shifted(b.divide(squares, count), 1e-5))
      b.graph.results.append(GraphResult(.output, "squares", squares))
      b.graph.results.append(
        GraphResult(
          .output, "normal", b.multiply(distance, b.broadcast(rate, to: shape, axes: [3]))))
    } else {
      b.graph.results.append(GraphResult(.output, "distance", distance))
    }
    return b.graph
  }

  /// The values are far from 0 for their spread.
  private static let context = EvaluationContext.numbered(
    [("x", input), ("k", kernel), ("b", [9])], adding: ["b": 20])

  @Test(arguments: [false, true], [false, true])
  func theyLeaveTheConvolution(isRectified: Bool, hasSquares: Bool) throws {
    let graph = Self.graph(isRectified: isRectified, hasSquares: hasSquares)
    for precision in Precision.allCases {
      var rig = PlanRig(graph, Self.context)
      rig.precision = precision
      let layout = try PersistentLayout(of: [graph], bindings: [:], precision: precision)
      let text = try rig.plan(.once, layout).scheduleText(sources: SourceMap())
      let line = text.split(separator: "\n").first { $0.contains(" convolution ") }
      let written = line?.split(separator: ">").last?.prefix { $0 != "/" }
      #expect(written?.count { $0 == "+" } == (hasSquares ? 3 : 1), "\(line ?? "")")
    }
    try PlanRig.expectAgreement(graph, Self.context, (1e-4, 1e-11))
  }
}
