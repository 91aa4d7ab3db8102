import NetcCore
import NetcKit
import Testing

/// The workloads of the benchmarks give the same bits on any number of threads.
@Suite struct ThreadCountTests {
  private static let steps = 3

  /// Without optimised kernels those whose steps are short.
  static let workloads: [ShippedProgram] = {
    #if DEBUG
      let names = ["W1.net", "W7.net", "W8.net"]
    #else
      let names = (1...8).map { "W\($0).net" }
    #endif
    return ShippedProgram.designs.filter { names.contains($0.name) }
  }()

  @Test func `the workloads are there`() { #expect(Self.workloads.count >= 3) }

  @Test(arguments: workloads)
  func `steps leave the same parameters and states`(program: ShippedProgram) throws {
    let model = try program.compiled()
    let alone = try trained(model, threads: 1)
    #expect(!alone.isEmpty && alone.allSatisfy { $0.numbers.allSatisfy(\.isFinite) })
    for threads in [2, 3] {
      for (one, other) in zip(alone, try trained(model, threads: threads)) {
        #expect(one == other, "`\(one.name)` on \(threads) threads")
      }
    }
  }

  private struct Numbers: Equatable {
    let name: String
    let numbers: [Double]
  }

  private func trained(_ model: CompiledModel, threads: Int) throws -> [Numbers] {
    var options = BenchmarkOptions()
    options.run.threads = threads
    options.rows = 2 * 128
    let benchmark = try Benchmark(model, options: options)
    _ = try benchmark.train(steps: Self.steps)
    return try (model.parameters + model.states).map {
      Numbers(name: $0.name, numbers: try #require(benchmark.session.read($0.name)).doubles)
    }
  }
}
