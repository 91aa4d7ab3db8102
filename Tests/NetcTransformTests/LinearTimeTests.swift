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
}
