import NetcCore
import NetcKit
import NetcRuntime
import Testing

/// Loops whose derivatives compute again what they would stack, where a step must fit into less.
@Suite struct LoopMemoryTests {
  /// A program and the share of the memory beside parameters and states that it needs at least, in
  /// percent.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let share: Int
    let text: String
  }

  private static func tokens(_ layers: String) -> String {
    """
    input tokens: class(11)[batch, 12]
    input next: class(11)[batch, 12]
    let logits = embedding(tokens, 11, 8) |> \(layers) |> dense(11)
    loss cross_entropy(logits, next)
    optimizer adam(lr: 1e-2)
    train(batch: 16, seed: 1)
    """
  }

  static let cases: [Case] = {
    let small = [
      Case(testDescription: "gru", share: 76, text: tokens("gru(16)")),
      Case(testDescription: "lstm", share: 76, text: tokens("lstm(16)")),
      Case(
        testDescription: "a loop between straight layers", share: 85, text: written(cell: gates)),
      Case(testDescription: "products within sums", share: 100, text: written(cell: sums)),
    ]
    #if DEBUG
      return small
    #else
      return small + [
        Case(
          testDescription: "loops of both kinds in both directions", share: 95,
          text: tokens("bidirectional(gru(8)) |> dropout(0.2) |> bidirectional(lstm(8))")),
        Case(testDescription: "draws and normalised rows", share: 100, text: written(cell: draws)),
      ]
    #endif
  }()

  private static let gates = """
    let a = tanh(xt @ W + h @ U)
    let g = exp(-a * a)
    let q = sin(a + s) * g
    s = 0.5 * s + q
    h = q * g + a
    yield h * cos(s)
    """

  private static let draws = """
    let a = sigmoid(layer_norm(xt @ W + h @ U))
    let b = tanh(dropout(a, 0.2))
    s = softmax(s + b) * 4.0
    h = tanh(a * b + s)
    yield h
    """

  /// Products that sums take, and that are read elsewhere too, round by themselves in both loops.
  private static let sums = """
    let p = xt @ W + h @ U
    let m = sin(p) * tanh(p)
    let n = m + cos(s)
    let o = exp(-n * n) - m
    s = tanh(0.5 * s + o * m)
    h = tanh(m - s * n)
    yield h * o
    """

  private static func written(cell: String) -> String {
    """
    input x: float[batch, 12, 8]
    input k: class(3)[batch]
    layer cell(x: float[batch, time, in], units: int) -> float[batch, time, units] {
      param W: float[in, units] = glorot_uniform()
      param U: float[units, units] = orthogonal()
      var h = zeros(batch, units)
      var s = zeros(batch, units)
      return scan xt in x along 1 {
        \(cell)
      }
    }
    let y = x |> dense(16) |> tanh |> cell(24) |> dense(16) |> tanh
    loss cross_entropy(y[:, 11] |> dense(3), k)
    optimizer adam(lr: 1e-2)
    train(batch: 16, seed: 1)
    """
  }

  private func losses(_ model: CompiledModel, memory: Int?) throws -> [Double] {
    var options = BenchmarkOptions()
    options.run = .alone
    options.run.memory = memory
    options.rows = 64
    return try Benchmark(model, options: options).check(steps: 4)
  }

  /// The smallest size that the message names.
  private func least(_ model: CompiledModel) throws -> Int {
    let error = #expect(throws: NetcError.self) { try model.report(memory: 1000) }
    guard case .tooLarge(_, let help)? = error else {
      Issue.record("\(String(describing: error))")
      return 0
    }
    return try #require(help.split(separator: " ").last.flatMap { Int($0.dropLast()) })
  }

  @Test(arguments: cases) func `a loop that stacks less gives the same losses`(
    one: Case
  ) throws {
    let model = try model(one.text)
    let plain = try model.report()
    let least = try least(model)
    #expect(least <= plain.persistentBytes + plain.temporaryBytes * one.share / 100)
    let expected = try losses(model, memory: nil)
    #expect(try losses(model, memory: least) == expected)
    #if !DEBUG
      let between = (least + plain.totalBytes) / 2
      #expect(try losses(model, memory: between) == expected)
      #expect(try model.report(memory: between).recomputedOperations > 0 || least == between)
    #endif
  }
}
