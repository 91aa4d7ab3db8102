import NetcCore
import NetcGraph
import NetcTransform
import Testing

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
      let clock = ContinuousClock()
      var best: [String: Duration] = [:]
      for _ in 0..<5 {
        var current = graph
        for stage in PassPipeline.training().stages {
          let time = clock.measure { current = stage.pass.apply(current) }
          best[stage.label] = min(best[stage.label] ?? .seconds(9), time)
        }
      }
      let total = best.values.reduce(Duration.zero, +)
      let times = PassPipeline.training().stages.map { "\($0.label) \(best[$0.label] ?? .zero)" }
      #expect((best["differentiate"] ?? .seconds(9)) < .milliseconds(100), "\(times)")
      #expect(total < .milliseconds(600), "\(total): \(times)")
    }
  #endif
}
