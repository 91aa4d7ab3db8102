import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// Products in plans: what is added to them, multiplies or transposes them becomes a part of one
/// instruction.
@Suite struct ProductPlanTests {
  private static let square = TensorType(.float, [4, 4])
  private static let numbers: [String: [Double]] = [
    "a": (0..<16).map { Double($0) / 8 - 1 }, "b": (0..<16).map { 1 - Double($0 * $0 % 7) / 4 },
  ]

  /// One training step on two square parameters; the plan's instructions and the tensors after it.
  private func step(
    _ updates: (inout GraphBuilder, ValueID, ValueID) -> [(String, ValueID)]
  ) throws -> (names: [String], after: [String: [Double]], expected: [String: [Double]]) {
    var b = GraphBuilder()
    let x = b.parameter("a", Self.square)
    let y = b.parameter("b", Self.square)
    b.graph.results = updates(&b, x, y).map { GraphResult(.update, $0, $1) }
    let layout = try PersistentLayout(of: [b.graph], precision: .double)
    let plans = PlanCache(graph: b.graph, layout: layout, options: PlanOptions(.training))
    let plan = try plans.plan(batch: 1)
    #expect(OverlapChecker.firstConflict(in: plan) == nil)
    let executor = Executor(layout: layout)
    var context = EvaluationContext()
    context.step = 4
    executor.step = 4
    for (name, values) in Self.numbers {
      let tensor = try #require(Tensor(shape: [4, 4], .double(values)))
      context.parameters[name] = tensor
      try executor.load(name, tensor)
    }
    let feed = try DataFeed(columns: [], rows: nil, batch: 1, examples: 1)
    #expect(try executor.runTraining(plans, feed: feed, steps: 1) == .endOfEpoch)
    let all = ReferenceInterpreter<Double>(context: context).evaluateAll(b.graph)
    var (after, expected): ([String: [Double]], [String: [Double]]) = ([:], [:])
    for result in b.graph.results {
      after[result.name] = executor.read(result.name)?.doubles
      expected[result.name] = all[result.value.index].tensor.doubles
    }
    let names = plan.sites.map(\.instruction).filter { $0 != "next" && $0 != "end" }
    return (names, after, expected)
  }

  private func agrees(_ found: [String: [Double]], _ expected: [String: [Double]]) -> Bool {
    expected.allSatisfy { name, values in
      zip(found[name] ?? [], values).allSatisfy { abs($0 - $1) < 1e-12 }
        && found[name]?.count == values.count
    }
  }

  @Test func aStepAlongAProductIsOneInstruction() throws {
    let done = try step { b, x, y in
      let product = b.dot(b.transpose(y), y)
      return [("a", b.subtract(x, b.scaled(product, 0.1)))]
    }
    #expect(done.names == ["gemm"])
    #expect(agrees(done.after, done.expected))
  }

  @Test func decayAndSchedulesAreFactorsOfIt() throws {
    let done = try step { b, x, y in
      let rate = b.divide(b.constant(0.1), b.convert(b.step(), to: .float))
      let decayed = b.add(b.dot(y, b.transpose(y)), b.scaled(x, 0.02))
      let whole = b.broadcastScalar(rate, to: Self.square.shape)
      return [("a", b.subtract(x, b.multiply(whole, decayed)))]
    }
    #expect(done.names == ["gemm"])
    #expect(agrees(done.after, done.expected))
  }

  @Test func readersOfTheOldValueComeFirst() throws {
    let done = try step { b, x, y in
      [("a", b.subtract(x, b.dot(y, y))), ("b", b.add(y, b.scaled(b.dot(x, x), 0.5)))]
    }
    #expect(done.names.filter { $0 == "gemm" }.count == 2)
    #expect(agrees(done.after, done.expected))
  }

  @Test func aProductOfTheTensorItselfIsMadeBeside() throws {
    for scale in [1, 0.5] {
      let done = try step { b, x, _ in
        [("a", b.subtract(x, b.dot(scale == 1 ? x : b.scaled(x, scale), x)))]
      }
      #expect(agrees(done.after, done.expected))
    }
  }

  @Test func sumsScalesAndTransposesOfProductsAreTheirs() throws {
    var b = GraphBuilder()
    var random = SeededGenerator(seed: 9)
    var context = EvaluationContext()
    func input(_ name: String, _ shape: [Int]) -> ValueID {
      let values = (0..<shape.reduce(1, *)).map { _ in random.real(-1...1) }
      context.inputs[name] = Tensor(shape: shape, .double(values))
      return b.input(name, TensorType(.float, Shape(sizes: shape)))
    }
    let x = input("x", [3, 5, 2, 4])
    let y = input("y", [3, 6, 2, 4])
    let w = input("w", [4, 7])
    let bias = input("bias", [7])
    let row = input("row", [5, 7])
    let v = input("v", [5, 4])
    let heads = DotDimensions(
      lhsBatch: [0, 2], rhsBatch: [0, 2], lhsContracting: [3], rhsContracting: [3])
    let scores = b.dot(x, y, heads)
    let scaled = b.scaled(b.dot(x, y, heads), 0.25)
    let biased = b.add(b.dot(v, w), b.broadcast(bias, to: [5, 7], axes: [1]))
    let chained = b.add(b.add(b.dot(v, w), b.dot(b.scaled(v, 2), w)), b.dot(v, w))
    let results: [(String, ValueID)] = [
      ("heads", b.reshape(b.transpose(scores, [0, 2, 1, 3]), to: [3, 5, 12])),
      ("turned", b.reshape(b.transpose(scaled, [0, 3, 1, 2]), to: [3, 6, 10])),
      ("residual", b.add(row, biased)), ("chained", chained),
    ]
    b.graph.results = results.map { GraphResult(.output, $0.0, $0.1) }
    let rig = PlanRig(b.graph, context)
    let layout = try PersistentLayout(of: [b.graph], precision: .double)
    let names = try rig.plan(.once, layout).sites.map(\.instruction).filter { $0 != "end" }
    #expect(names.allSatisfy { $0 == "gemm" }, "\(names)")
    let outputs = try rig.outputs()
    let reference = rig.reference()
    for result in b.graph.results {
      let found = try #require(outputs[.output, result.name])
      #expect(agree(found, reference[result.value.index], 1e-12), "\(result.name)")
    }
  }

  /// Axes summed in an order that no strides tell, in the left and the right operand: copies, with
  /// what lies side by side kept so.
  @Test(arguments: [
    ([6, 5, 7], [1, 0], [5, 6, 4], [0, 1]), ([3, 5, 6], [1, 2], [6, 4, 5], [2, 0]),
    ([3, 5, 6], [1, 2], [6, 5, 4], [1, 0]),
  ])
  func axesSummedInAnotherOrderAreCopied(
    left: [Int], leftAxes: [Int], right: [Int], rightAxes: [Int]
  ) throws {
    var b = GraphBuilder()
    var random = SeededGenerator(seed: 4)
    var context = EvaluationContext()
    let inputs = [("x", left), ("y", right)].map { name, shape in
      let values = (0..<shape.reduce(1, *)).map { _ in random.real(-1...1) }
      context.inputs[name] = Tensor(shape: shape, .double(values))
      return b.input(name, TensorType(.float, Shape(sizes: shape)))
    }
    let axes = DotDimensions(
      lhsBatch: [], rhsBatch: [], lhsContracting: leftAxes, rhsContracting: rightAxes)
    let product = b.dot(inputs[0], inputs[1], axes)
    b.graph.results = [GraphResult(.output, "product", product)]
    let rig = PlanRig(b.graph, context)
    let layout = try PersistentLayout(of: [b.graph], precision: .double)
    let names = try rig.plan(.once, layout).sites.map(\.instruction).filter { $0 != "end" }
    #expect(names == ["copy", "gemm"])
    let found = try #require(try rig.outputs()[.output, "product"])
    #expect(agree(found, rig.reference()[product.index], 1e-12))
  }
}
