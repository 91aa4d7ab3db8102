import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// What the passes on loops keep and what they move.
@Suite struct LoopPassTests {
  #if DEBUG
    static let seeds = 0..<24
  #else
    static let seeds = 0..<300
  #endif

  private static let passes: [Pass] = [
    .tidyLoops, .storeForDerivatives, .hoistFromLoops, .sinkSums, .sinkOutputs, .keepRowsInLoops,
  ]

  @Test(arguments: seeds) func everyPassKeepsTheValues(seed: Int) throws {
    let graph = expandGradients(RandomLoop.make(seed)).graph
    let expected = evaluate(graph, parameters: RandomLoop.parameters)
    for pass in Self.passes {
      let changed = pass.changeThroughout(graph) ?? graph
      try changed.verify()
      let found = evaluate(changed, parameters: RandomLoop.parameters)
      #expect(
        pass.keeps == .bits ? sameBits(found, expected) : close(found, expected, tolerance: 1e-9),
        "pass \(pass.name)")
    }
  }

  @Test(arguments: seeds) func thePipelineKeepsTheValues(seed: Int) {
    let graph = RandomLoop.make(seed)
    let expected = evaluate(expandGradients(graph).graph, parameters: RandomLoop.parameters)
    let optimized = PassPipeline.training().run(graph, verifies: true).graph
    let found = evaluate(optimized, parameters: RandomLoop.parameters)
    #expect(close(found, expected, tolerance: 1e-9))
  }

  @Test(arguments: OpID.scan.operation.samples.indices)
  func passesKeepTheSamples(place: Int) throws {
    let sample = OpID.scan.operation.samples[place]
    var b = GraphBuilder()
    var parameters: [String: Tensor] = [:]
    var operands: [ValueID] = []
    for (index, tensor) in sample.operands.enumerated() {
      parameters["p\(index)"] = tensor
      let type = TensorType(tensor.element, Shape(sizes: tensor.shape))
      operands.append(b.parameter("p\(index)", type))
    }
    let made = b.emitAll(.scan, operands, sample.attributes)
    b.graph.results = made.enumerated().map { GraphResult(.watched, "r\($0)", $1) }
    let expected = evaluate(b.graph, parameters: parameters)
    for pass in Self.passes {
      let changed = pass.changeThroughout(b.graph) ?? b.graph
      try changed.verify()
      #expect(close(evaluate(changed, parameters: parameters), expected), "pass \(pass.name)")
    }
  }

  /// Rows of a small table are read, and added up, turn by turn: no stack of them is left.
  @Test(arguments: [false, true]) func rowsOfSmallTablesStayInLoops(isReversed: Bool) throws {
    var b = GraphBuilder()
    let table = b.parameter("table", .real(3, 4))
    let numbers = (0..<10).map { Double($0 * 7 % 3) }
    let indices = b.constant(numbers, TensorType(.int, [5, 2]))
    let state = TensorType.real(2, 4)
    var inner = GraphBuilder()
    let h = inner.tanh(inner.add(inner.argument(0, state), inner.argument(1, state)))
    let y = inner.multiply(h, h)
    inner.graph.results = [GraphResult(.result, "0", h), GraphResult(.result, "1", y)]
    let results = b.scan(
      ScanParts(
        carried: [b.zeros(state.shape)], sequences: [b.gather(table, indices, axis: 0)],
        captured: [], length: Dim(5), isReversed: isReversed, body: GraphBody(inner.graph)))
    let sums = b.scatterAdd(b.zeros([3, 4]), indices, results[1], axis: 0)
    let total = b.reduceSum(results[1], axes: [0, 1])
    b.graph.results = [
      GraphResult(.watched, "h", results[0]), GraphResult(.watched, "sums", sums),
      GraphResult(.watched, "total", total),
    ]
    let kept = try #require(Pass.keepRowsInLoops.changeThroughout(b.graph))
    let changed = Pass.eliminateDeadCode.apply(kept)
    try changed.verify()
    let moved: [OpID] = [.gather, .scatterAdd, .reduceSum]
    #expect(!changed.nodeIDs.contains { moved.contains(changed.op(of: $0)) })
    let values = (0..<12).map { Double($0) / 7 - 0.8 }
    let parameters = ["table": try #require(Tensor(shape: [3, 4], .double(values)))]
    let expected = evaluate(b.graph, parameters: parameters)
    #expect(close(evaluate(changed, parameters: parameters), expected, tolerance: 1e-12))
  }

  /// h' = tanh(x w + h u + b) over 3 rows, the loss the sum of h, with gradients in w, u, b.
  private func recurrence(length: Int = 3) -> Graph {
    var b = GraphBuilder()
    let state = TensorType.real(2, 4)
    let x = b.parameter("x", .real(length, 2, 5))
    let w = b.parameter("w", .real(5, 4))
    let u = b.parameter("u", .real(4, 4))
    let bias = b.parameter("b", .real(4))
    var inner = GraphBuilder()
    let a = [state, .real(2, 5), .real(5, 4), .real(4, 4), .real(4)].enumerated()
      .map { inner.argument($0, $1) }
    let input = inner.add(inner.dot(a[1], a[2]), inner.broadcast(a[4], to: state.shape, axes: [1]))
    let h = inner.tanh(inner.add(input, inner.dot(a[0], a[3])))
    inner.graph.results = [GraphResult(.result, "0", h), GraphResult(.result, "1", h)]
    let results = b.scan(
      ScanParts(
        carried: [b.zeros(state.shape)], sequences: [x], captured: [w, u, bias],
        length: Dim(length), body: GraphBody(inner.graph)))
    let loss = b.reduceSum(b.multiply(results[1], results[1]))
    b.graph.results = [GraphResult(.loss, "loss", loss)]
    for (name, value) in [("w", w), ("u", u), ("b", bias)] {
      b.graph.results.append(GraphResult(.gradient, name, b.grad(of: loss, wrt: value)))
    }
    return b.graph
  }

  private func loops(_ graph: Graph) -> [ScanParts<ValueID>] {
    graph.nodeIDs.filter { graph.op(of: $0) == .scan }.map {
      ScanParts(graph.attributes(of: $0), operands: graph.operands(of: $0))
    }
  }

  private func count(_ op: OpID, in graph: Graph) -> Int {
    graph.nodeIDs.count { graph.op(of: $0) == op }
  }

  @Test func productsLeaveTheLoops() throws {
    let graph = PassPipeline.training().run(recurrence()).graph
    let loops = loops(graph)
    try #require(loops.count == 2)
    #expect(loops.map { count(.dotGeneral, in: $0.body.graph) } == [1, 1])
    #expect(loops[1].carried.count == 1, "weight gradients are summed after the loop")
    #expect(count(.reduceSum, in: loops[1].body.graph) == 0)
  }

  @Test func theGraphDoesNotGrowWithTheTurns() {
    let counts = [10, 1000].map {
      PassPipeline.training().run(recurrence(length: $0)).graph.nodeCount
    }
    #expect(counts[0] == counts[1])
  }
}
