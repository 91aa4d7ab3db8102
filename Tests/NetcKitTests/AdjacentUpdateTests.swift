import NetcCore
import NetcGraph
import NetcKit
import NetcRuntime
import Testing

/// The updates of small parameters, which one instruction computes.
@Suite struct AdjacentUpdateTests {
  static let optimizers = [
    "momentum(lr: 0.05)", "rmsprop(lr: 1e-2)", "adam(lr: 1e-2)", "adamw(lr: 1e-2)",
    "clip_norm(0.5) |> momentum(lr: 0.05)", "clip_norm(0.5) |> adam(lr: 1e-2)",
  ]

  private func text(_ optimizer: String, widths: [Int]) -> String {
    let layers = widths.map { "|> dense(\($0)) |> tanh" }.joined(separator: " ")
    return """
      input x: float[batch, 12]
      input k: class(5)[batch]
      loss cross_entropy(x \(layers) |> dense(5), k)
      optimizer \(optimizer)
      train(batch: 8, seed: 1)
      """
  }

  /// The numbers of all parameters and states after four steps, of eight examples and of less.
  private func trained(
    _ model: CompiledModel, separate: Bool, dividesAll: Bool = false
  ) throws -> [[UInt64]] {
    let layout = try PersistentLayout(of: [model.training], precision: model.options.precision)
    var options = PlanOptions(.training, batched: ["x", "k"])
    options.separateBuffers = separate
    options.dividesAll = dividesAll
    let plans = PlanCache(graph: model.training, layout: layout, options: options)
    let executor = Executor(layout: layout, threads: dividesAll ? 2 : 1)
    for (name, tensor) in model.initialTensors(seed: 3) { try executor.load(name, tensor) }
    let noise = Philox(seed: 4, site: "x").uniforms(count: 30 * 12, step: 0)
    let feed = try DataFeed(
      columns: [
        DataFeed.Column(name: "x", rowShape: [12], storage: .floats(noise.map { $0 - 0.5 })),
        DataFeed.Column(name: "k", rowShape: [], storage: .ints((0..<30).map { $0 % 5 })),
      ], batch: 8, order: .shuffled(seed: 9))
    _ = try executor.runTraining(plans, feed: feed, steps: 4)
    return layout.entries.map { executor.read($0.name)?.doubles.map(\.bitPattern) ?? [] }
  }

  /// Programs of one rule may multiply by the clipping factor sooner or later: these are two rules.
  @Test(arguments: optimizers, Precision.allCases)
  func `one instruction updates all biases`(optimizer: String, precision: Precision) throws {
    let most = optimizer.contains("clip_norm") && optimizer.contains("adam") ? 2 : 1
    let model = try model(
      text(optimizer, widths: [3, 64, 10, 37, 16]), precision: precision)
    let plan = try model.plan(isEvaluation: false, dimensions: [:])
    let updates = plan.layout.entries.filter { $0.name.contains(".bias") }.map { entry in
      plan.accesses.filter { access in
        access.isWrite && access.register == 0 && access.instruction >= 0
          && access.bytes == entry.offset..<entry.offset + entry.bytes
      }.map(\.instruction)
    }
    #expect(updates.count >= 12 && updates.allSatisfy { $0.count == 1 })
    #expect(Set(updates).count <= most, "\(updates)")
    #expect(OverlapChecker.firstConflict(in: plan) == nil)
  }

  @Test(arguments: optimizers, 0..<4)
  func `merged updates give the same bits`(optimizer: String, seed: Int) throws {
    let draws = Philox(seed: UInt64(seed), site: "widths").uniforms(count: 4, step: 0)
    let widths = draws.map { [1, 3, 10, 16, 37, 64][min(5, Int($0 * 6))] }
    let model = try model(
      text(optimizer, widths: widths), precision: seed % 2 == 0 ? .single : .double)
    let alone = try trained(model, separate: true)
    #expect(try trained(model, separate: false) == alone, "\(widths)")
    #expect(try trained(model, separate: false, dividesAll: true) == alone, "\(widths)")
  }
}
