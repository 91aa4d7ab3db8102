import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct TrainingTests {
  /// An executor after some steps of training on 100 rows in batches of 16, the last one of 4.
  static func trained(
    _ network: SmallNetwork, steps: Int, precision: Precision = .single, threads: Int = 1,
    isa: Int? = nil, separate: Bool = false, perCall: Int = 1000
  ) throws -> (Executor, PlanCache, DataFeed) {
    let graph = network.training()
    let layout = try PersistentLayout(of: [graph], precision: precision)
    var options = PlanOptions(.training, batched: ["pixels", "digit"])
    options.separateBuffers = separate
    let plans = PlanCache(graph: graph, layout: layout, options: options)
    let executor = Executor(layout: layout, threads: threads, isa: isa)
    try network.initialize(executor)
    let feed = try DataFeed(
      columns: network.data(100, seed: 1), batch: 16, order: .shuffled(seed: 9))
    while executor.step < steps {
      let left = min(perCall, steps - executor.step)
      let status = try executor.runTraining(plans, feed: feed, steps: left)
      #expect(status == .done || status == .endOfEpoch)
    }
    return (executor, plans, feed)
  }

  static func bits(_ executor: Executor) -> [[UInt64]] {
    executor.layout.entries.map { entry in
      executor.read(entry.name)?.doubles.map(\.bitPattern) ?? []
    }
  }

  @Test(arguments: [SmallNetwork.Rule.descent, .adam], Precision.allCases)
  func trainsAsTheReference(rule: SmallNetwork.Rule, precision: Precision) throws {
    let network = SmallNetwork(inputs: 12, hidden: 8, classes: 3, rule: rule)
    let (executor, plans, _) = try Self.trained(network, steps: 9, precision: precision)
    let start = Executor(layout: executor.layout)
    try network.initialize(start)
    let feed = try DataFeed(
      columns: network.data(100, seed: 1), batch: 16, order: .shuffled(seed: 9))
    let expected = try ReferenceTraining(plans.graph, start, precision).run(feed, steps: 9)
    for entry in executor.layout.entries {
      let found = try #require(executor.read(entry.name))
      let wanted = try #require(expected[entry.name])
      let tolerance = precision == .single ? 2e-5 : 1e-12
      for (a, b) in zip(found.doubles, wanted.doubles) {
        #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(entry.name): \(a) is not \(b)")
      }
    }
  }

  @Test func learns() throws {
    let network = SmallNetwork(inputs: 12, hidden: 8, classes: 3)
    let (executor, _, feed) = try Self.trained(network, steps: 70)
    #expect(executor.step == 70)
    #expect(feed.epoch == 9 && feed.position == 100)
    let options = PlanOptions(.evaluation, batched: ["pixels", "digit"], totals: ["hits"])
    let plans = PlanCache(graph: network.evaluation(), layout: executor.layout, options: options)
    let test = try DataFeed(columns: network.data(90, seed: 2), batch: 32)
    let figures = try executor.runEvaluation(plans, feed: test)
    #expect(figures.examples == 90)
    let accuracy = try #require(figures.mean(.metric, "accuracy"))
    let hits = try #require(figures.total("hits")).doubles[0]
    #expect(accuracy > 0.9)
    #expect(abs(accuracy - hits / 90) < 1e-6)
    #expect(executor.watched["learning_rate"] == 0.5 / (69 * 0.01 + 1))
  }

  @Test func oneArenaGivesTheBitsOfSeparateBuffers() throws {
    let network = SmallNetwork(inputs: 12, hidden: 8, classes: 3, rule: .adam)
    let (shared, plans, _) = try Self.trained(network, steps: 9)
    let (separate, apart, _) = try Self.trained(network, steps: 9, separate: true)
    #expect(Self.bits(shared) == Self.bits(separate))
    #expect(try plans.plan(batch: 16).memory.temporaries < apart.plan(batch: 16).memory.temporaries)
  }

  @Test(arguments: [2, 3])
  func threadsGiveTheSameBits(threads: Int) throws {
    let network = SmallNetwork(inputs: 64, hidden: 256, classes: 10, rule: .adam)
    let (one, plans, _) = try Self.trained(network, steps: 8)
    let (many, _, _) = try Self.trained(network, steps: 8, threads: threads)
    #expect(try plans.plan(batch: 16).isParallel)
    #expect(Self.bits(one) == Self.bits(many))
  }

  @Test func vectorSetsGiveTheSameBits() throws {
    let network = SmallNetwork(inputs: 12, hidden: 8, classes: 3, rule: .adam)
    let (wide, _, _) = try Self.trained(network, steps: 9)
    let (narrow, _, _) = try Self.trained(network, steps: 9, isa: 1)
    #expect(Self.bits(wide) == Self.bits(narrow))
  }

  @Test func stepsPerCallDoNotMatter() throws {
    let network = SmallNetwork(inputs: 12, hidden: 8, classes: 3)
    let (whole, _, _) = try Self.trained(network, steps: 12)
    let (single, _, _) = try Self.trained(network, steps: 12, perCall: 1)
    #expect(Self.bits(whole) == Self.bits(single))
    #expect(whole.figures == single.figures)
  }
}

/// Training by the reference interpreter: the same rows, node by node.
struct ReferenceTraining {
  let graph: Graph
  let precision: Precision
  private var tensors: [String: Tensor] = [:]

  init(_ graph: Graph, _ start: Executor, _ precision: Precision) {
    self.graph = graph
    self.precision = precision
    for entry in start.layout.entries { tensors[entry.name] = start.read(entry.name) }
  }

  func run(_ feed: DataFeed, steps: Int) throws -> [String: Tensor] {
    var tensors = tensors
    var step = 0
    while step < steps {
      feed.seek(
        epoch: step / feed.stepsPerEpoch, position: step % feed.stepsPerEpoch * feed.batch)
      let rows = feed.nextRows
      var inputs: [String: Tensor] = [:]
      for name in ["pixels", "digit"] {
        let tensor = try #require(feed.tensor(name, rows: rows))
        inputs[name] = name == "digit" ? Tensor(shape: [rows.count], tensor.storage) : tensor
      }
      let context = EvaluationContext(
        bindings: ["batch": rows.count], inputs: inputs, parameters: tensors, states: tensors,
        step: step)
      for (name, tensor) in PlanRig.updates(graph, context, precision) { tensors[name] = tensor }
      step += 1
    }
    return tensors
  }
}

extension PlanRig {
  /// The new values of parameters and states by the reference interpreter.
  static func updates(
    _ graph: Graph, _ context: EvaluationContext, _ precision: Precision
  ) -> [String: Tensor] {
    var rig = PlanRig(graph, context)
    rig.precision = precision
    let values = rig.reference()
    var result: [String: Tensor] = [:]
    for update in graph.results(.update) { result[update.name] = values[update.value.index] }
    return result
  }
}
