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

  /// Passes that look at no node of a network without loops, tables, convolutions and masks.
  private static let idle: Set<String> = [
    "loop-operands", "stored-turns", "before-loops", "sums-after-loops", "outputs-after-loops",
    "products-of-tables", "axes-apart", "channels-last", "rows-in-loops", "powers",
    "inline-functions", "inline-calls", "masks-from-results",
  ]

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
        let isIdle = Self.idle.contains(stage.pass.name)
        #expect((small == 0) == isIdle, "\(stage.label): \(counts)")
      }
    }
  }
}
