import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct ExecutorTests {
  static let network = SmallNetwork(inputs: 12, hidden: 8, classes: 3, rule: .adam)

  static func feed(_ rows: Int, dropsLast: Bool = false) throws -> DataFeed {
    try DataFeed(
      columns: network.data(rows, seed: 1), batch: 16, order: .shuffled(seed: 9),
      dropsLast: dropsLast)
  }

  static func executor() throws -> (Executor, PlanCache) {
    let graph = network.training()
    let layout = try PersistentLayout(of: [graph])
    let executor = Executor(layout: layout)
    try network.initialize(executor)
    let options = PlanOptions(.training, batched: ["pixels", "digit"])
    return (executor, PlanCache(graph: graph, layout: layout, options: options))
  }

  @Test func theLastBatchIsKeptOrDropped() throws {
    let (executor, plans) = try Self.executor()
    let kept = try Self.feed(40)
    #expect(kept.stepsPerEpoch == 3)
    #expect(try executor.runTraining(plans, feed: kept, steps: 10) == .endOfEpoch)
    #expect(executor.step == 3 && executor.figures.examples == 40)
    let dropped = try Self.feed(40, dropsLast: true)
    executor.resetFigures()
    #expect(try executor.runTraining(plans, feed: dropped, steps: 10) == .endOfEpoch)
    #expect(executor.step == 5 && executor.figures.examples == 32)
    let tiny = try Self.feed(10, dropsLast: true)
    #expect(try executor.runTraining(plans, feed: tiny, steps: 10) == .endOfEpoch)
    #expect(executor.step == 5)
  }

  @Test func aRunGoesOnFromASnapshot() throws {
    let (executor, plans) = try Self.executor()
    let feed = try Self.feed(40)
    _ = try executor.runTraining(plans, feed: feed, steps: 2)
    let middle = executor.snapshot()
    let place = (feed.epoch, feed.position)
    for _ in 0..<4 { _ = try executor.runTraining(plans, feed: feed, steps: 2) }
    let end = (executor.step, TrainingTests.bits(executor))
    executor.restore(middle)
    #expect(executor.step == 2)
    let again = try Self.feed(40)
    again.seek(epoch: place.0, position: place.1)
    while executor.step < end.0 { _ = try executor.runTraining(plans, feed: again, steps: 1) }
    #expect(TrainingTests.bits(executor) == end.1)
  }

  @Test func aStopEndsTheRunBeforeTheNextStep() throws {
    let (executor, plans) = try Self.executor()
    let stop = StopFlag()
    stop.set()
    let feed = try Self.feed(40)
    #expect(try executor.runTraining(plans, feed: feed, steps: 5, stop: stop) == .stopped)
    #expect(executor.step == 0 && feed.position == 0)
    stop.clear()
    #expect(try executor.runTraining(plans, feed: feed, steps: 1, stop: stop) == .done)
  }

  @Test func mistakesAreNamed() throws {
    let (executor, plans) = try Self.executor()
    let columns = try Self.network.data(20, seed: 1)
    let lacking = try DataFeed(columns: [columns[0]], batch: 4)
    #expect(throws: PlanError("no data for the input `digit`")) {
      _ = try executor.runTraining(plans, feed: lacking, steps: 1)
    }
    let narrow = DataFeed.Column(
      name: "pixels", rowShape: [2], storage: .floats(Array(repeating: 0, count: 40)))
    let wrong = try DataFeed(columns: [narrow, columns[1]], batch: 4)
    #expect(throws: PlanError("the input `pixels` takes 12 numbers an example, the data has 2")) {
      _ = try executor.runTraining(plans, feed: wrong, steps: 1)
    }
    #expect(throws: ExecutorError("`first.bias` is float[8], found float[2]")) {
      try executor.load("first.bias", try #require(Tensor(shape: [2], .float([1, 2]))))
    }
    #expect(throws: ExecutorError("no parameter or state `other`")) {
      try executor.load("other", Tensor(scalar: 1))
    }
    #expect(throws: ExecutorError.self) {
      _ = try DataFeed(columns: columns, rows: [3, 20], batch: 4)
    }
  }

  @Test func columnsOfAnyKindFeedTheirInputs() throws {
    var b = GraphBuilder()
    let batch = Dim(symbol: "batch")
    let x = b.input("x", TensorType(.float, [batch, 2]))
    let scale = b.input("scale", TensorType(.float, [2]))
    let label = b.input("label", TensorType(.int, [batch]))
    let flag = b.input("flag", TensorType(.bool, [batch]))
    let scaled = b.multiply(x, b.broadcast(scale, to: [batch, 2], axes: [1]))
    b.graph.results = [
      GraphResult(.metric, "x", b.reduceSum(scaled, axes: [0])),
      GraphResult(.metric, "label", b.reduceSum(label)),
      GraphResult(.metric, "flag", b.reduceSum(b.convert(flag, to: .int))),
    ]
    let layout = try PersistentLayout([])
    let plans = PlanCache(
      graph: b.graph, layout: layout,
      options: PlanOptions(
        .evaluation, batched: ["x", "label", "flag"], totals: ["x", "label", "flag"]))
    let feed = try DataFeed(
      columns: [
        DataFeed.Column(
          name: "x", rowShape: [2], storage: .bytes([1, 2, 3, 4, 5, 6, 7, 8], scale: 0.5)),
        DataFeed.Column(name: "label", rowShape: [], storage: .ints([10, 20, 30, 40])),
        DataFeed.Column(name: "flag", rowShape: [], storage: .bytes([1, 0, 1, 1], scale: 1)),
      ], rows: [1, 2, 3], batch: 2,
      whole: ["scale": try #require(Tensor(shape: [2], .double([2, 10])))])
    let figures = try Executor(layout: layout).runEvaluation(plans, feed: feed)
    #expect(figures.examples == 3 && figures.steps == 2)
    #expect(figures.total("x")?.doubles == [15, 90])
    #expect(figures.total("label")?.doubles == [90])
    #expect(figures.total("flag")?.doubles == [2])
  }
}
