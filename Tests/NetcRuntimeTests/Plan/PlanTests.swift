import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct PlanTests {
  /// A builder of graphs whose parameters `a` and `b` have four elements.
  static func pair() -> (GraphBuilder, ValueID, ValueID) {
    var b = GraphBuilder()
    let first = b.parameter("a", TensorType(.float, [4]))
    let second = b.parameter("b", TensorType(.float, [4]))
    return (b, first, second)
  }

  static let numbers: [String: Tensor] = [
    "a": tensor([1, 2, 3, 4]), "b": tensor([10, 20, 30, 40]),
  ]

  static func tensor(_ values: [Double]) -> Tensor {
    Tensor(shape: [values.count], .double(values)) ?? Tensor(scalar: 0)
  }

  /// One training step without inputs; returns the tensors after it.
  static func step(_ graph: Graph) throws -> [String: [Double]] {
    let layout = try PersistentLayout(of: [graph], precision: .double)
    let plans = PlanCache(graph: graph, layout: layout, options: PlanOptions(.training))
    #expect(OverlapChecker.firstConflict(in: try plans.plan(batch: 1)) == nil)
    let executor = Executor(layout: layout)
    for entry in layout.entries { try executor.load(entry.name, try #require(numbers[entry.name])) }
    let feed = try DataFeed(columns: [], rows: nil, batch: 1, examples: 1)
    #expect(try executor.runTraining(plans, feed: feed, steps: 1) == .endOfEpoch)
    var result: [String: [Double]] = [:]
    for entry in layout.entries { result[entry.name] = executor.read(entry.name)?.doubles }
    return result
  }

  @Test func updatesMayExchangeTheirTensors() throws {
    var (b, x, y) = Self.pair()
    b.graph.results = [GraphResult(.update, "a", y), GraphResult(.update, "b", x)]
    let after = try Self.step(b.graph)
    #expect(after == ["a": [10, 20, 30, 40], "b": [1, 2, 3, 4]])
  }

  @Test func updatesReadOldValues() throws {
    var (b, x, y) = Self.pair()
    let sum = b.add(x, b.reverse(y, axes: [0]))
    let difference = b.subtract(y, b.reverse(x, axes: [0]))
    b.graph.results = [GraphResult(.update, "a", sum), GraphResult(.update, "b", difference)]
    let after = try Self.step(b.graph)
    #expect(after == ["a": [41, 32, 23, 14], "b": [6, 17, 28, 39]])
  }

  @Test func oldAndNewValueOfOneTensorMeetInOneUpdate() throws {
    var (b, x, y) = Self.pair()
    let next = b.multiply(x, x)
    let both = b.add(b.reverse(next, axes: [0]), b.reverse(x, axes: [0]))
    b.graph.results = [GraphResult(.update, "a", next), GraphResult(.update, "b", b.add(both, y))]
    let after = try Self.step(b.graph)
    #expect(after == ["a": [1, 4, 9, 16], "b": [30, 32, 36, 42]])
  }

  @Test func oneValueMayUpdateTwoTensors() throws {
    var (b, x, y) = Self.pair()
    let sum = b.add(x, y)
    b.graph.results = [GraphResult(.update, "a", sum), GraphResult(.update, "b", sum)]
    let after = try Self.step(b.graph)
    #expect(after == ["a": [11, 22, 33, 44], "b": [11, 22, 33, 44]])
  }

  @Test func aLossOnAnUpdatedValueIsCheckedBeforeTheWrite() throws {
    var (b, x, y) = Self.pair()
    let next = b.multiply(x, y)
    let loss = b.reduceSum(b.log(b.negate(next)))
    b.graph.results = [GraphResult(.loss, "loss", loss), GraphResult(.update, "a", next)]
    let layout = try PersistentLayout(of: [b.graph], precision: .double)
    let plans = PlanCache(graph: b.graph, layout: layout, options: PlanOptions(.training))
    let executor = Executor(layout: layout)
    for entry in layout.entries {
      try executor.load(entry.name, try #require(Self.numbers[entry.name]))
    }
    let feed = try DataFeed(columns: [], rows: nil, batch: 1, examples: 3)
    #expect(try executor.runTraining(plans, feed: feed, steps: 2) == .nonFinite(step: 0))
    #expect(executor.read("a")?.doubles == [1, 2, 3, 4])
    #expect(feed.position == 0 && executor.step == 0)
    let report = try #require(executor.explainNonFinite(plans, feed: feed))
    #expect(report.operation == "log" && report.found == "nan" && report.step == 0)
  }

  @Test(arguments: 0..<40)
  func randomTrainingPlansKeepMemoryApart(seed: Int) throws {
    let made = RandomGraph(seed: UInt64(seed), nodeCount: 60)
    let rig = PlanRig(made.graph, made.context)
    let layout = try PersistentLayout(of: [made.graph], bindings: made.context.bindings)
    for purpose in [PlanOptions.Purpose.training, .evaluation, .once] {
      let plan = try rig.plan(purpose, layout)
      #expect(OverlapChecker.firstConflict(in: plan) == nil, "seed \(seed), \(purpose)")
      let peak = plan.memory.peakFormula.value(made.context.bindings)
      #expect(peak == plan.memory.peakLive, "seed \(seed), \(purpose)")
      #expect(plan.memory.peakLive <= plan.memory.temporaries)
    }
  }

  @Test(arguments: 0..<40)
  func randomUpdatesEqualTheReference(seed: Int) throws {
    let made = RandomGraph(seed: UInt64(seed), nodeCount: 60)
    let rig = PlanRig(made.graph, made.context)
    let executor = try rig.executor()
    let plans = PlanCache(
      graph: made.graph, layout: executor.layout,
      options: PlanOptions(.training, batched: ["x", "labels"]))
    let x = try #require(made.context.inputs["x"]).doubles
    let labels = try #require(made.context.inputs["labels"]).doubles
    let feed = try DataFeed(
      columns: [
        DataFeed.Column(name: "x", rowShape: [4], storage: .doubles(x)),
        DataFeed.Column(name: "labels", rowShape: [], storage: .ints(labels.map { Int32($0) })),
      ], batch: 3)
    #expect(try executor.runTraining(plans, feed: feed, steps: 1) == .endOfEpoch)
    let expected = PlanRig.updates(made.graph, made.context, .double)
    for (name, tensor) in expected {
      let found = try #require(executor.read(name))
      #expect(agree(found, tensor, 1e-10), "seed \(seed), \(name): \(found) is not \(tensor)")
    }
  }

  @Test func theCheckerFindsPlantedOverlaps() throws {
    let made = RandomGraph(seed: 3, nodeCount: 60)
    let layout = try PersistentLayout(of: [made.graph], bindings: made.context.bindings)
    let plan = try PlanRig(made.graph, made.context).plan(.once, layout)
    var lives: [Int: (first: Int, last: Int, start: Int)] = [:]
    for access in plan.accesses where access.register == 1 {
      let at = access.instruction
      let old = lives[access.buffer] ?? (at, at, access.bytes.lowerBound)
      lives[access.buffer] = (min(old.first, at), max(old.last, at), old.start)
    }
    var planted = 0
    for (a, one) in lives.sorted(by: { $0.key < $1.key }) {
      for (b, other) in lives where one.first < other.first && other.first < one.last && a != b {
        planted += 1
        let faulty = plan.moving(buffer: b, to: one.start)
        #expect(OverlapChecker.firstConflict(in: faulty) != nil, "buffers \(a) and \(b)")
      }
    }
    #expect(planted > 20)
  }

  @Test func plansArePrinted() throws {
    let network = SmallNetwork(inputs: 12, hidden: 8, classes: 3)
    let graph = network.training()
    let layout = try PersistentLayout(of: [graph])
    let plan = try Plan(
      graph: graph, bindings: ["batch": 16], batch: 16, layout: layout,
      options: PlanOptions(.training, batched: ["pixels", "digit"]))
    let text = plan.scheduleText(sources: SourceMap())
    #expect(text.contains("gemm") && text.contains("feed") && text.contains("map"))
    #expect(plan.memoryText().contains("batch"))
    #expect(plan.memory.peakFormula.value(["batch": 16]) == plan.memory.peakLive)
  }
}

@Suite struct ProductTests {
  /// Sums of a product and a row, which one instruction computes where the row lies along the
  /// columns.
  @Test(arguments: [false, true])
  func aRowJoinsItsProduct(alongColumns: Bool) throws {
    var b = GraphBuilder()
    let x = b.parameter("x", TensorType(.float, [3, 3]))
    let w = b.parameter("w", TensorType(.float, [3, 3]))
    let c = b.parameter("c", TensorType(.float, [3]))
    let row = b.broadcast(c, to: [3, 3], axes: [alongColumns ? 1 : 0])
    let sum = b.add(row, b.dot(x, w))
    b.graph.results = [GraphResult(.output, "sum", sum)]
    var context = EvaluationContext()
    for (name, count) in [("x", 9), ("w", 9), ("c", 3)] {
      let values = (0..<count).map { Double(($0 * 5 + count) % 7) - 3 }
      context.parameters[name] = Tensor(shape: count == 3 ? [3] : [3, 3], .double(values))
    }
    let rig = PlanRig(b.graph, context)
    let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: .double))
    #expect(plan.code.count == (alongColumns ? 2 : 3))
    let found = try #require(try rig.outputs()[.output, "sum"])
    #expect(agree(found, rig.reference()[sum.index], 1e-14))
  }
}
