import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// Convolutional networks with channels moved last: what they compute, and what is left of
/// transposes.
@Suite struct ChannelsLastTests {
  /// Two convolutions with biases and rectifiers, pooling, normalisation over the batch, a residual
  /// sum, a mean or a flattening, a product; the loss's gradients.
  private static func network(pools: Bool, flattens: Bool, groups: Int) -> Graph {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(2, 4, 6, 6))
    var y = b.convolution(x, b.parameter("k1", .real(4, 4, 3, 3)), plain)
    y = rectified(&b, y, bias: b.parameter("b1", .real(4)))
    let skip = y
    y = grouped(&b, y, b.parameter("k2", .real(4, 4 / groups, 3, 3)), groups)
    y = normalized(&b, y)
    y = rectified(&b, b.add(y, skip), bias: b.parameter("b2", .real(4)))
    let windows = WindowDimensions(batchDims: 2, window: [2, 2], stride: [2, 2])
    if pools {
      let places = b.windowArgmax(y, windows)
      y = b.gather(b.reshape(y, to: [2, 4, 36]), places, axis: 2, batchDims: 2)
    } else {
      y = b.windowSum(y, windows)
    }
    let flat =
      flattens
      ? b.reshape(y, to: [2, 36]) : b.reduceSum(b.reshape(y, to: [2, 4, 9]), axes: [2])
    let out = b.dot(flat, b.parameter("w", .real(flattens ? 36 : 4, 3)))
    let loss = b.reduceSum(b.multiply(out, out))
    b.graph.results = [GraphResult(.loss, "loss", loss), GraphResult(.output, "y", y)]
    for node in b.graph.nodeIDs where b.graph.op(of: node) == .parameter {
      let value = b.graph.result(of: node)
      let name = b.graph.attributes(of: node).text("name")
      b.graph.results.append(GraphResult(.gradient, name, b.grad(of: loss, wrt: value)))
    }
    return b.graph
  }

  private static let plain = ConvolutionDimensions(stride: [1, 1], low: [1, 1], high: [1, 1])

  private static func rectified(
    _ b: inout GraphBuilder, _ x: ValueID, bias: ValueID
  ) -> ValueID {
    let shape = b.shape(of: x)
    let sum = b.add(x, b.broadcast(bias, to: shape, axes: [1]))
    let zero = b.constant(0, shape)
    return b.select(b.compare(.le, sum, zero), zero, sum)
  }

  private static func grouped(
    _ b: inout GraphBuilder, _ x: ValueID, _ kernel: ValueID, _ groups: Int
  ) -> ValueID {
    if groups == 1 { return b.convolution(x, kernel, plain) }
    var axes = plain
    axes.lhsAxes = [1, 0, 2, 3, 4]
    axes.rhsAxes = [0, 1, 2, 3, 4]
    axes.resultAxes = [1, 0, 2, 3, 4]
    let own = Dim(4 / groups)
    let y = b.convolution(
      b.reshape(x, to: [2, Dim(groups), own, 6, 6]),
      b.reshape(kernel, to: [Dim(groups), own, own, 3, 3]), axes)
    return b.reshape(y, to: [2, 4, 6, 6])
  }

  private static func normalized(_ b: inout GraphBuilder, _ x: ValueID) -> ValueID {
    let flat = b.reshape(x, to: [2, 4, 36])
    let shape = b.shape(of: flat)
    let count = b.constant(1.0 / 72, [4])
    let centre = b.multiply(b.reduceSum(flat, axes: [0, 2]), count)
    let moved = b.subtract(flat, b.broadcast(centre, to: shape, axes: [1]))
    let spread = b.multiply(b.reduceSum(b.multiply(moved, moved), axes: [0, 2]), count)
    let scaled = b.multiply(moved, b.broadcast(b.rsqrt(spread), to: shape, axes: [1]))
    return b.reshape(scaled, to: [2, 4, 6, 6])
  }

  private static func numbers(of graph: Graph) -> [String: Tensor] {
    var numbers = SeededNumbers(3)
    var made: [String: Tensor] = [:]
    for node in graph.nodeIDs where graph.op(of: node) == .parameter {
      let shape = graph.type(of: graph.result(of: node)).shape.sizes ?? []
      made[graph.attributes(of: node).text("name")] = Tensor(
        shape, (0..<shape.reduce(1, *)).map { _ in numbers.real() })
    }
    return made
  }

  @Test(arguments: [1, 2, 4], [false, true])
  func networksComputeWhatTheyDid(groups: Int, pools: Bool) throws {
    for flattens in [false, true] {
      let source = Self.network(pools: pools, flattens: flattens, groups: groups)
      let plain = expandGradients(source).graph
      let parameters = Self.numbers(of: source)
      for pass in [Pass.splitAxes, .channelsLast, .maskFromResult] {
        let moved = pass.apply(plain)
        #expect(throws: Never.self) { try moved.verify() }
        #expect(
          close(evaluate(moved, parameters: parameters), evaluate(plain, parameters: parameters)))
      }
    }
  }

  /// A normalisation over joined axes between convolutions is one over the axes themselves.
  @Test func changesOfShapeBetweenConvolutionsGo() {
    var b = GraphBuilder()
    var y = b.convolution(
      b.parameter("x", .real(2, 4, 6, 6)), b.parameter("k1", .real(4, 4, 3, 3)), Self.plain)
    y = Self.normalized(&b, y)
    y = b.convolution(y, b.parameter("k2", .real(4, 4, 3, 3)), Self.plain)
    b.graph.results = [GraphResult(.output, "y", y)]
    let graph = Pass.eliminateDeadCode.apply(Pass.splitAxes.apply(b.graph))
    #expect(!graph.nodeIDs.contains { graph.op(of: $0) == .reshape })
    let parameters = Self.numbers(of: b.graph)
    #expect(
      close(evaluate(graph, parameters: parameters), evaluate(b.graph, parameters: parameters)))
  }

  /// A transpose where channels come in, where they go out and one for each adjoint of those.
  @Test func transposesCancel() {
    let source = Self.network(pools: true, flattens: false, groups: 1)
    let graph = TrainingStep.training(source, roles: [.loss, .gradient], verifies: true).graph
    let left = graph.nodeIDs.filter { graph.op(of: $0) == .transpose }
    #expect(left.count <= 2, "\(left.count) transposes")
    let windows = graph.nodeIDs.filter { graph.op(of: $0) == .windowArgmax }
    #expect(windows.allSatisfy { graph.attributes(of: $0).int("batch_dims") == 1 })
  }
}
