import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// Plans that keep what they rearrange of parameters.
@Suite struct KeptWeightTests {
  /// Random numbers by name: inputs and parameters.
  private struct Numbers {
    var random = SeededGenerator(seed: 3)

    mutating func tensor(_ shape: [Int]) throws -> Tensor {
      let values = (0..<shape.reduce(1, *)).map { _ in random.real(-1...1) }
      return try #require(Tensor(shape: shape, .double(values)))
    }
  }

  /// relu(x A) B^T + b, with `rows` rows of x.
  private static func network(
    _ rows: Int, _ inner: Int, _ columns: Int
  ) throws -> (Graph, EvaluationContext) {
    var b = GraphBuilder()
    var numbers = Numbers()
    var context = EvaluationContext()
    func parameter(_ name: String, _ shape: [Int]) throws -> ValueID {
      context.parameters[name] = try numbers.tensor(shape)
      return b.parameter(name, TensorType(.float, Shape(sizes: shape)))
    }
    context.inputs["x"] = try numbers.tensor([rows, 47])
    let x = b.input("x", TensorType(.float, Shape(sizes: [rows, 47])))
    let first = try parameter("A", [47, inner])
    let second = try parameter("B", [columns, inner])
    let bias = try parameter("b", [columns])
    let hidden = b.maximum(b.dot(x, first), b.zeros(Shape(sizes: [rows, inner])))
    let result = b.dot(
      hidden, second, DotDimensions(lhsContracting: [1], rhsContracting: [1]))
    let y = b.add(result, b.broadcast(bias, to: Shape(sizes: [rows, columns]), axes: [1]))
    b.graph.results = [GraphResult(.output, "y", y)]
    return (b.graph, context)
  }

  private static func rig(_ rows: Int, _ inner: Int, _ columns: Int) throws -> PlanRig {
    let (graph, context) = try network(rows, inner, columns)
    var rig = PlanRig(graph, context)
    rig.keepsWeights = true
    return rig
  }

  @Test(arguments: [1, 3, 17], [(330, 512), (32, 33), (128, 10), (95, 200)])
  func resultsAreThoseOfThePlainPlan(rows: Int, sizes: (inner: Int, columns: Int)) throws {
    var rig = try Self.rig(rows, sizes.inner, sizes.columns)
    for precision in Precision.allCases {
      rig.precision = precision
      let expected = rig.reference()[try #require(rig.graph.results.first).value.index]
      for isa in machineSets {
        rig.isa = isa
        rig.threads = 1
        let found = try #require(try rig.outputs()[.output, "y"])
        let tolerance = precision == .single ? 2e-5 : 1e-12
        #expect(agree(found, expected, tolerance), "set \(isa), \(precision)")
        rig.threads = 2
        #expect(try rig.outputs()[.output, "y"] == found, "two threads, set \(isa)")
      }
    }
  }

  @Test func panelsAreMadeOnceAndCounted() throws {
    var rig = try Self.rig(1, 128, 10)
    let layout = try PersistentLayout(of: [rig.graph], precision: .single)
    let plan = try rig.plan(.once, layout)
    #expect(plan.preparation.count == 1, "ten columns stay where they are")
    #expect(plan.memory.kept == 4 * 47 * 128)
    #expect(
      plan.memory.total
        == layout.bytes + plan.memory.temporaries + 8 * plan.constants.count + plan.memory.kept)
    #expect(OverlapChecker.firstConflict(in: plan) == nil)
    rig.keepsWeights = false
    let plain = try rig.plan(.once, layout)
    #expect(plain.preparation.isEmpty && plain.memory.kept == 0)
    #expect(plain.sites.count == plan.sites.count && plain.code.count == plan.code.count)
  }

  /// What a plan gives with the numbers an executor holds, and without anything kept.
  private func agrees(
    _ executor: Executor, _ plans: PlanCache, _ rig: PlanRig
  ) throws -> Bool {
    var plain = rig
    plain.keepsWeights = false
    let found = try executor.runOnce(plans, batch: 1, inputs: rig.context.inputs)
    let expected = try executor.runOnce(
      try plain.plan(.once, executor.layout), inputs: rig.context.inputs)
    let y = try #require(found[.output, "y"])
    return agree(y, try #require(expected[.output, "y"]), 1e-12)
  }

  @Test func changesOfParametersAreSeen() throws {
    let rig = try Self.rig(1, 128, 64)
    let executor = try rig.executor()
    var options = PlanOptions(.once)
    options.keepsWeights = true
    let plans = PlanCache(graph: rig.graph, layout: executor.layout, options: options, symbol: nil)
    var numbers = Numbers()
    #expect(try agrees(executor, plans, rig))
    let before = executor.snapshot()
    for name in ["A", "B"] {
      let shape = try #require(executor.layout[name]).shape
      try executor.load(name, try numbers.tensor(shape))
      #expect(try agrees(executor, plans, rig), "\(name) was loaded")
    }
    executor.restore(before)
    #expect(try agrees(executor, plans, rig), "a snapshot was put back")
    let other = try rig.executor()
    try other.load("A", try numbers.tensor([47, 128]))
    for each in [other, executor, other] {
      #expect(try agrees(each, plans, rig), "executors share the plan")
    }
  }

  /// Updates by another plan of the same executor.
  @Test func trainingBetweenCallsIsSeen() throws {
    let network = SmallNetwork(inputs: 64, hidden: 64, classes: 3, rule: .adam)
    let training = network.training()
    let layout = try PersistentLayout(of: [training])
    let executor = Executor(layout: layout)
    try network.initialize(executor)
    let plans = PlanCache(
      graph: training, layout: layout,
      options: PlanOptions(.training, batched: ["pixels", "digit"]))
    let feed = try DataFeed(
      columns: network.data(40, seed: 1), batch: 4, order: .shuffled(seed: 9), dropsLast: true)
    var b = GraphBuilder()
    let x = b.input("x", TensorType(.float, [1, 64]))
    let weight = b.parameter("first.weight", TensorType(.float, [64, 64]))
    b.graph.results = [GraphResult(.output, "y", b.dot(x, weight))]
    var numbers = Numbers()
    var context = EvaluationContext()
    context.inputs["x"] = try numbers.tensor([1, 64])
    var rig = PlanRig(b.graph, context)
    rig.keepsWeights = true
    let kept = PlanCache(
      graph: b.graph, layout: layout, options: try rig.plan(.once, layout).options, symbol: nil)
    #expect(try kept.plan(batch: 1).memory.kept > 0)
    for _ in 0..<3 {
      #expect(try agrees(executor, kept, rig))
      _ = try executor.runTraining(plans, feed: feed, steps: 2)
    }
  }

  @Test func convolutionKernelsAreKept() throws {
    var b = GraphBuilder()
    var numbers = Numbers()
    var context = EvaluationContext()
    context.inputs["x"] = try numbers.tensor([1, 16, 9, 9])
    context.parameters["k"] = try numbers.tensor([32, 16, 3, 3])
    let x = b.input("x", TensorType(.float, [1, 16, 9, 9]))
    let k = b.parameter("k", TensorType(.float, [32, 16, 3, 3]))
    let y = b.convolution(
      x, k, ConvolutionDimensions(stride: [1, 1], low: [0, 0], high: [0, 0]))
    b.graph.results = [GraphResult(.output, "y", y)]
    var rig = PlanRig(b.graph, context)
    rig.keepsWeights = true
    let layout = try PersistentLayout(of: [b.graph], precision: .double)
    let plan = try rig.plan(.once, layout)
    #expect(plan.sites.allSatisfy { $0.instruction != "pack_kernel" })
    #expect(plan.preparation.count == 1)
    let found = try #require(try rig.outputs()[.output, "y"])
    #expect(agree(found, rig.reference()[y.index], 1e-12))
  }
}
