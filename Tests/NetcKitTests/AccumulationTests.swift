import NetcCore
import NetcKit
import Testing

/// Steps computed on slices of the batch: the numbers of the whole batch, the memory of a slice.
@Suite struct AccumulationTests {
  private static func program(_ body: String, accumulate: Int, extra: String = "") -> String {
    """
    input x: float[batch, 6]
    input y: float[batch]
    \(body)
    data points = table(
      x: [[0, 1, 2, -1, 0.5, 1], [1, 0.5, -1, 2, 0.1, 0], [2, -1, 0.3, 0.7, -2, 1],
          [0.3, 0.2, 1, 1, -1, 0.4], [-1, 2, 0.2, -0.6, 1, 1.5], [1.5, 1.5, -1, 0, 0.2, 0.9],
          [0.1, -0.7, 0.4, 1.2, 0.8, -1], [0.9, 0.3, -0.2, -1.1, 0.6, 0.5]],
      y: [1, 0.2, -1.5, 0.3, 2.5, 0.4, -0.3, 0.8])
    train(points, epochs: 3, batch: 4, seed: 4, accumulate: \(accumulate)\(extra))
    """
  }

  /// Programs whose loss is a mean over examples.
  private static let bodies = [
    (
      name: "draws and a clipped rule",
      text: """
      let h = x |> dense(8) |> relu |> dropout(0.4) |> dense(1)
      loss mse(squeeze(h, axis: 1), y)
      optimizer clip_norm(0.5) |> adam(lr: 0.02)
      """
    ),
    (
      name: "a loop with draws in it",
      text: """
      let s = reshape(x, batch, 3, 2)
      param w: float[2] = [0.5, -0.3]
      var c = zeros(batch, 2)
      scan u in s along 1 {
        c = tanh(c * w + (u |> dropout(0.3)))
      }
      loss mse(sum(c, axis: 1), y)
      optimizer sgd(lr: 0.1)
      """
    ),
    (
      name: "two losses, a penalty, a derivative inside and an update by hand",
      text: """
      param w: float[6] = [0.1, 0.2, 0.3, -0.1, 0.4, 0.2]
      param v: float[6] = zeros()
      let p = x
      let f = sum(tanh(p @ w))
      loss fit = mse(x @ w, y) + mean(sum(grad(f, p)^2, axis: 1)) + 0.1 * sum(w^2)
      loss other = mae(x @ v, y)
      optimizer momentum(lr: 0.05) for "w" minimize fit
      update v = v - 0.1 * grad(other, v)
      """
    ),
  ]

  private func curve(_ model: CompiledModel) throws -> [Double] {
    var curve: [Double] = []
    _ = try Trainer(model, options: RunOptions()).train { event in
      if case .epoch(let report) = event { curve += report.train.map(\.value) }
    }
    #expect(!curve.isEmpty && curve.allSatisfy(\.isFinite))
    return curve
  }

  private func expectClose(_ found: [Double], _ expected: [Double], _ tolerance: Double) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) {
      #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(found) \(expected)")
    }
  }

  @Test(arguments: bodies.map(\.name), [2, 4]) func theNumbersAreThoseOfTheBatch(
    name: String, slices: Int
  ) throws {
    let body = try #require(Self.bodies.first { $0.name == name }).text
    let whole = try curve(model(Self.program(body, accumulate: 1), precision: .double))
    let sliced = try curve(model(Self.program(body, accumulate: slices), precision: .double))
    expectClose(sliced, whole, 1e-10)
  }

  @Test(arguments: bodies.map(\.name)) func thePrintedProgramTrainsAlike(name: String) throws {
    let body = try #require(Self.bodies.first { $0.name == name }).text
    let original = try model(Self.program(body, accumulate: 2), precision: .double)
    var request = GradientDump()
    request.format = .net
    let text = try original.gradientText(request)
    #expect(text.contains("part(batch, 2)") && text.contains("accumulate: 2"))
    expectClose(try curve(model(text, precision: .double)), try curve(original), 1e-10)
  }

  /// Statistics of `batch_norm` go from slice to slice.
  @Test func statesGoFromSliceToSlice() throws {
    let text = """
      input x: float[batch, 1]
      state seen: float = 0
      param w: float = 1
      seen = 0.5 * seen + 0.5 * mean(x)
      loss mean(x) * w + 0 * seen
      optimizer sgd(lr: 0.1)
      data d = table(x: [[1], [3], [5], [9]])
      train(d, batch: 4, shuffle: false, accumulate: 2)
      """
    let session = try TrainingSession(try model(text), seed: 1)
    let batch = try #require(Tensor(shape: [4, 1], .double([1, 3, 5, 9])))
    let losses = try session.step(["x": batch])
    #expect(losses.map(\.value) == [4.5])
    let saved = try #require(session["seen"])
    #expect(saved.doubles == [0.5 * 0.5 * 2 + 0.5 * 7])
  }

  @Test func aStepNeedsTheMemoryOfASlice() throws {
    func bytes(_ slices: Int) throws -> Int {
      let body = """
        let h = x |> dense(64) |> tanh |> dense(64) |> tanh |> dense(1)
        loss mse(squeeze(h, axis: 1), y)
        optimizer sgd(lr: 0.1)
        """
      let text = Self.program(body, accumulate: slices)
        .replacing("batch: 4,", with: "batch: 4096,")
      return try model(text).report().temporaryBytes
    }
    #expect(try 4 * bytes(16) < bytes(1))
  }

  @Test func batchesThatCannotBeCutAreRefused() throws {
    let body = "loss mse(sum(x |> dense(1), axis: 1), y)\noptimizer sgd(lr: 0.1)"
    let last = try model(
      Self.program(body, accumulate: 2).replacing("batch: 4,", with: "batch: 6,")
        .replacing(", [0.9, 0.3, -0.2, -1.1, 0.6, 0.5]]", with: "]")
        .replacing("-0.3, 0.8]", with: "-0.3]"))
    let error = #expect(throws: NetcError.self) { try curve(last) }
    #expect(error.map { "\($0)" }?.contains("add `last_batch: drop`") == true)
    let session = try TrainingSession(last, seed: 1)
    let fed = #expect(throws: NetcError.self) {
      try session.step([
        "x": try #require(Tensor(shape: [1, 6], .double([1, 2, 3, 4, 5, 6]))),
        "y": try #require(Tensor(shape: [1], .double([1]))),
      ])
    }
    #expect(fed.map { "\($0)" }?.contains("2 equal slices") == true)
  }
}
