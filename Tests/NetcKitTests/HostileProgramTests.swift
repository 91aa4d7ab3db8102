import NetcCore
import NetcKit
import Testing

/// Programs that ask for more than there is: refused in words, and soon.
@Suite struct HostileProgramTests {
  private static let points = """
    input x: float[batch, 2]
    input y: float[batch]
    let p = x |> dense(1) |> squeeze(axis: -1)
    loss mse(p, y)
    optimizer sgd(lr: 0.1)
    data d = table(x: [[1, 2], [3, 4], [5, 6]], y: [1, 2, 3])

    """

  private static func chain(_ head: (Int) -> String, _ last: String) -> String {
    (0..<40).map(head).joined(separator: "\n") + "\n" + last
  }

  /// Forty definitions that each call the next twice.
  private static let doublings = [
    chain(
      { "fn f\($0)(x: float[...]) -> float[...] { return f\($0 + 1)(x) + f\($0 + 1)(2 * x) }" },
      "fn f40(x: float[...]) -> float[...] { return x * x }\ninput x: float[batch]\noutput o = f0(x)\n"
    ),
    chain(
      { "layer f\($0)(x: float[..., n]) -> float[..., n] { return f\($0 + 1)(f\($0 + 1)(x)) }" },
      "layer f40(x: float[..., n]) -> float[..., n] { return x + 1 }\ninput x: float[batch, 3]\noutput o = f0(x)\n"
    ),
  ]

  private func refusal(_ text: String) -> [String] {
    Compiler().compile(text, name: "hostile.net").diagnostics.filter { $0.severity == .error }.map(
      \.code)
  }

  #if !DEBUG
    @Test(arguments: doublings)
    func `calls that double at each level are counted, not made`(text: String) {
      #expect(refusal(text) == ["E0519"])
    }
  #endif

  @Test(arguments: [
    "param w: float[9223372036854775807, 9223372036854775807] = zeros()\ninput x: float[batch]\noutput x\n",
    "for i in 0..<100000000 { }\ninput x: float[batch]\noutput x\n",
    "input x: float[batch]\noutput o = " + String(repeating: "(", count: 5000) + "x\n",
    "input x: float[batch]\noutput o = " + String(repeating: "-", count: 50_000) + "x\n",
    "const a = 2^63\ninput x: float[batch]\noutput o = x + a - div(1, 0)\n",
    "const a = b\nconst b = a\ninput x: float[batch]\noutput o = x * a\n",
    "fn f(x: float) -> float { return g(x) }\nfn g(x: float) -> float { return f(x) }\n"
      + "input x: float[batch]\noutput o = f(1)\n",
    "input x: float[batch, 5]\noutput a = x[:, 9223372036854775807]\noutput b = sum(x, axis: 9223372036854775807)\n",
    "input x: float[batch, 5]\noutput a = pad(x, low: [0, 9223372036854775807], high: [0, 9223372036854775807])\n",
    points + "train(d, seed: 99999999999999999999, epochs: 1)\n",
    points + "train(d, validation: 1, epochs: 1)\n", points + "train(d, epochs: 0)\n",
  ])
  func `what cannot be is an error`(text: String) {
    #expect(!refusal(text).isEmpty)
  }

  @Test(arguments: [
    "epochs: 2, batch: 9223372036854775807", "epochs: 2, batch: 1000000000", "steps: 7, batch: 2",
    "epochs: 2, batch: 3, last_batch: drop", "epochs: 2, batch: all",
  ])
  func `batches beyond the data are the data`(train: String) throws {
    let trained = try Trainer(model(Self.points + "train(d, \(train))\n"), options: .alone).train()
    #expect(trained.result.reason == .finished)
    #expect(trained.result.step > 0)
  }

  @Test func `a batch that is always dropped is an error`() throws {
    let text = Self.points + "train(d, steps: 5, batch: 4, last_batch: drop)\n"
    let compiled = try model(text)
    let error = #expect(throws: NetcError.self) {
      _ = try Trainer(compiled, options: .alone).train()
    }
    #expect(
      error?.description
        == "the 3 training rows are fewer than a batch of 4, which `last_batch: drop` leaves out")
  }
}
