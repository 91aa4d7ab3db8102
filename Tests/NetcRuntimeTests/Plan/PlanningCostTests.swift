import NetcCore
import NetcGraph
import NetcRuntime
import NetcTransform
import Testing

@Suite struct PlanningCostTests {
  /// The training step of a network with many small layers, by Adam.
  static func deep(_ layers: Int) -> Graph {
    var b = GraphBuilder()
    let batch = Dim(symbol: "batch")
    let shape: Shape = [batch, 8]
    var h = b.input("x", TensorType(.float, shape))
    var weights: [(String, ValueID)] = []
    for layer in 0..<layers {
      let w = b.parameter("w\(layer)", TensorType(.float, [8, 8]))
      let c = b.parameter("c\(layer)", TensorType(.float, [8]))
      weights += [("w\(layer)", w), ("c\(layer)", c)]
      h = b.tanh(b.add(b.dot(h, w), b.broadcast(c, to: shape, axes: [1])))
    }
    let loss = b.reduceSum(b.multiply(h, h))
    b.graph.results.append(GraphResult(.loss, "loss", loss))
    for (name, w) in weights {
      let d = b.grad(of: loss, wrt: w)
      let m = b.state(name + ".m", b.type(of: w))
      let next = b.add(b.scaled(m, 0.9), b.scaled(d, 0.1))
      b.graph.results.append(GraphResult(.update, name + ".m", next))
      b.graph.results.append(GraphResult(.update, name, b.subtract(w, b.scaled(next, 0.01))))
    }
    return TrainingStep.training(b.graph).graph
  }

  static func plan(_ graph: Graph) throws -> Plan {
    let layout = try PersistentLayout(of: [graph])
    return try Plan(
      graph: graph, bindings: ["batch": 4], batch: 4, layout: layout,
      options: PlanOptions(.training, batched: ["x"]))
  }

  /// Layers of networks of which each has ten times the nodes of the one before: in optimised code
  /// 1,000, 10,000 and 100,000.
  #if DEBUG
    private static let layers = [3, 30]
  #else
    private static let layers = [30, 300, 3000]
  #endif

  @Test func visitsGrowWithTheGraph() throws {
    var visits: [Int] = []
    for count in Self.layers {
      let graph = Self.deep(count)
      let plan = try Self.plan(graph)
      #expect(plan.visits > graph.nodeCount)
      #expect(OverlapChecker.firstConflict(in: plan) == nil)
      visits.append(plan.visits)
    }
    for (small, large) in zip(visits, visits.dropFirst()) {
      #expect(large <= 12 * small, "\(visits)")
    }
  }

  #if !DEBUG
    @Test func aGraphOfSeventeenThousandNodesIsPlannedQuickly() throws {
      let graph = Self.deep(500)
      let clock = ContinuousClock()
      var best = Duration.seconds(100)
      for _ in 0..<5 { best = min(best, try clock.measure { _ = try Self.plan(graph) }) }
      print("planning", graph.nodeCount, "nodes took", best)
      #expect(best < .milliseconds(200))
    }
  #endif
}
