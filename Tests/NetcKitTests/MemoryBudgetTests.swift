import NetcCore
import NetcKit
import NetcRuntime
import Testing

/// Training steps that fit into a given memory by computing values again.
@Suite struct MemoryBudgetTests {
  /// A share of the memory that the fastest step takes beside parameters and states, in percent,
  /// that each program reaches, and settings that keep it small where kernels are not optimised.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let share: Int
    let batch: Int
    var settings: [CompilerOptions.Setting] = []

    var testDescription: String { "\(name) in \(share) %" }
  }

  static let cases: [Case] = {
    let small = [
      Case(name: "digits.net", share: 90, batch: 32),
      Case(name: "gpt.net", share: 85, batch: 2, settings: smallText),
    ]
    #if DEBUG
      return small
    #else
      return small + [
        Case(name: "lenet.net", share: 90, batch: 16),
        Case(name: "gpt.net", share: 70, batch: 2, settings: smallText),
        Case(name: "vae.net", share: 85, batch: 16),
      ]
    #endif
  }()

  private static let smallText: [CompilerOptions.Setting] = [
    .init(name: "context", expression: "16"), .init(name: "width", expression: "32"),
    .init(name: "vocab", expression: "20"),
  ]

  private func losses(_ model: CompiledModel, _ one: Case, memory: Int?) throws -> [Double] {
    var options = BenchmarkOptions()
    options.run = .alone
    options.run.memory = memory
    options.batch = one.batch
    options.rows = 4 * one.batch
    #if DEBUG
      return try Benchmark(model, options: options).check(steps: 3)
    #else
      return try Benchmark(model, options: options).check(steps: 20)
    #endif
  }

  @Test(arguments: cases) func `a step that takes less memory gives the same losses`(
    one: Case
  ) throws {
    let program = try #require(ShippedProgram.examples.first { $0.name == one.name })
    let model = try model(
      program.text, directory: program.directory, settings: one.settings)
    let sizes = ["batch": one.batch]
    let plain = try model.report(dimensions: sizes)
    let budget = plain.persistentBytes + plain.temporaryBytes * one.share / 100
    let fitted = try model.report(dimensions: sizes, memory: budget)
    let temporaries = try #require(fitted.fittedTemporaryBytes)
    #expect(plain.persistentBytes + temporaries <= budget)
    #expect(fitted.recomputedOperations > 0)
    #expect(try losses(model, one, memory: budget) == losses(model, one, memory: nil))
  }

  /// The last byte that an instruction touches is the last of the memory reported.
  @Test(arguments: [nil, 70]) func `the memory reported is the arena`(share: Int?) throws {
    let model = try model(Self.perceptron)
    let plain = try model.plan(isEvaluation: false, dimensions: [:])
    let budget = share.map { plain.memory.persistent + plain.memory.temporaries * $0 / 100 }
    let plan = try model.plan(isEvaluation: false, dimensions: [:], memory: budget)
    let touched = plan.accesses.filter { $0.register == 1 }.map(\.bytes.upperBound).max()
    let end = try #require(touched)
    #expect(plan.memory.temporaries - end < 64 && end <= plan.memory.temporaries)
    #expect(
      plan.memory.total
        == plan.layout.bytes + plan.memory.temporaries + 8 * plan.constants.count)
    if let budget { #expect(plan.memory.total <= budget) }
  }

  /// Products are computed again where nothing cheaper is left.
  @Test func `a deep perceptron keeps fewer layers`() throws {
    let model = try model(Self.perceptron)
    let plain = try model.plan(isEvaluation: false, dimensions: [:])
    let budget = plain.memory.persistent + plain.memory.temporaries * 70 / 100
    let fitted = try model.plan(isEvaluation: false, dimensions: [:], memory: budget)
    #expect(fitted.recomputedValues > 0)
    #expect(fitted.bytesMoved > plain.bytesMoved)
  }

  /// The smallest size found, which the refusal of a tiny one names.
  private func least(_ model: CompiledModel) throws -> Int {
    let error = #expect(throws: NetcError.self) {
      try model.report(memory: 1000)
    }
    guard case .tooLarge(let message, let help)? = error else {
      Issue.record("\(String(describing: error))")
      return 0
    }
    #expect(message.contains("does not fit into 1000 bytes"))
    return try #require(help.split(separator: " ").last.flatMap { Int($0.dropLast()) })
  }

  @Test func `what cannot be reached is refused with the smallest size`() throws {
    let model = try model(Self.perceptron)
    #expect(try model.report(memory: least(model)).fittedTemporaryBytes != nil)
  }

  /// Products finish some activations themselves, which programs compute where they come again.
  @Test(arguments: ["gelu", "gelu_sigmoid", "gelu_tanh", "silu", "softplus"])
  func `an activation has the same bits in each plan`(activation: String) throws {
    let layers = Array(repeating: "dense(16) |> \(activation) |> layer_norm", count: 3)
    let model = try model(
      """
      input x: float[batch, 16]
      input k: class(3)[batch]
      let y = x |> \(layers.joined(separator: " |> ")) |> dense(3)
      loss cross_entropy(y, k)
      optimizer adam(lr: 1e-2)
      train(batch: 64, seed: 1)
      """)
    let one = Case(name: activation, share: 0, batch: 64)
    let plain = try losses(model, one, memory: nil)
    let least = try least(model)
    for memory in [least, 3 * least / 2] {
      #expect(try losses(model, one, memory: memory) == plain, "\(memory) bytes")
    }
  }

  static let perceptron = """
    input x: float[batch, 32]
    input k: class(4)[batch]
    var h = x |> dense(32) |> tanh
    for i in 0..<12 { h = h |> dense(32) |> tanh }
    loss cross_entropy(h |> dense(4), k)
    optimizer sgd(lr: 0.05)
    train(batch: 256, seed: 1)
    """
}
