import CAllocationCounter
import NetcKit
import Testing

/// A training step in steady state asks for no memory: runs of different lengths allocate equally
/// often.
@Suite(.enabled(if: allocation_counter_works() == 1)) struct AllocationTests {
  static let programs: [(name: String, text: String)] = [
    (
      "perceptron",
      """
      input x: float[batch, 20]
      input k: class(5)[batch]
      let y = x |> dense(32) |> relu |> dropout(0.3) |> dense(5)
      loss cross_entropy(y, k)
      optimizer adam(lr: 0.001)
      train(batch: 8, last_batch: drop)
      """
    ),
    (
      "logistic regression",
      """
      input x: float[batch, 30]
      input y: float[batch]
      loss binary_cross_entropy(x |> dense(1) |> squeeze(axis: -1), y)
      optimizer sgd(lr: 0.01)
      train(batch: 1, last_batch: drop)
      """
    ),
    (
      "convolution",
      """
      input x: float[batch, 1, 12, 12]
      input k: class(3)[batch]
      let y = x |> conv2d(8, kernel: 3, padding: same) |> batch_norm |> relu |> max_pool2d(2) |> flatten |> dense(3)
      loss cross_entropy(y, k)
      optimizer momentum(lr: 0.01)
      train(batch: 16, last_batch: drop)
      """
    ),
    (
      "recurrence",
      """
      input x: class(7)[batch, 6]
      input k: class(7)[batch, 6]
      loss cross_entropy(embedding(x, 7, 16) |> gru(16) |> dense(7), k)
      optimizer clip_norm(1.0) |> adamw(lr: 0.001)
      train(batch: 32, last_batch: drop)
      """
    ),
    (
      "attention",
      """
      input x: float[batch, 16, 32]
      input y: float[batch, 16, 32]
      loss mse(layer_norm(x) |> self_attention(heads: 4, causal: true), y)
      optimizer adam(lr: 0.001)
      train(batch: 16, last_batch: drop)
      """
    ),
  ]

  @Test(arguments: 0..<programs.count, [1, 2])
  func `a step allocates nothing`(program: Int, threads: Int) async {
    await #expect(processExitsWith: .success) { [program, threads] in
      var options = BenchmarkOptions()
      options.run.threads = threads
      options.rows = 4096
      let benchmark = try Benchmark(
        model(AllocationTests.programs[program].text), options: options)
      // What the language sets up at the first use of a type may fall into any one run.
      func fewest(_ steps: Int) throws -> UInt64? {
        try (0..<4).map { _ in
          let before = allocation_count()
          _ = try benchmark.train(steps: steps)
          return allocation_count() - before
        }.min()
      }
      let few = try #require(try fewest(2))
      try #require(few > 0, "nothing is counted")
      #expect(try fewest(25) == few)
    }
  }
}
