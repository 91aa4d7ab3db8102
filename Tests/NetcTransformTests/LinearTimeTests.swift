import NetcCore
import NetcGraph
import NetcTransform
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every pass looks at a number of nodes that grows like the graph.
@Suite struct LinearTimeTests {
  #if DEBUG
    private static let layers = [10, 100]
  #else
    private static let layers = [60, 600, 6000]
  #endif

  @Test func passesVisitNodesLinearly() {
    var visits: [String: [Int]] = [:]
    for count in Self.layers {
      var graph = deepNetwork(layers: count)
      for stage in PassPipeline.training().stages {
        let meter = PassMeter()
        PassMeter.$current.withValue(meter) { graph = stage.pass.apply(graph) }
        visits[stage.label, default: []].append(meter.visits)
      }
    }
    for stage in PassPipeline.training().stages {
      let counts = visits[stage.label] ?? []
      for (small, large) in zip(counts, counts.dropFirst()) {
        #expect(large <= 12 * small, "\(stage.label): \(counts)")
        #expect(small > 0, "\(stage.label) counts nothing")
      }
    }
  }

  #if !DEBUG
    /// A thousand layers: what a program of that size may cost before it starts.
    @Test func aThousandLayersAreDifferentiatedAtOnce() {
      let graph = Pass.eliminateDeadCode.apply(deepNetwork(layers: 1000))
      var best: [String: Double] = [:]
      for _ in 0..<5 {
        var current = graph
        for stage in PassPipeline.training().stages {
          let start = processorTime()
          current = stage.pass.apply(current)
          best[stage.label] = min(best[stage.label] ?? 9, processorTime() - start)
        }
      }
      let total = best.values.reduce(0, +)
      let times = PassPipeline.training().stages.map { "\($0.label) \(best[$0.label] ?? 0)" }
      #expect((best["differentiate"] ?? 9) < 0.2, "\(times)")
      #expect(total < 0.6, "\(total): \(times)")
    }

    /// The seconds this thread has computed, which a busy machine does not change.
    private func processorTime() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  #endif
}
