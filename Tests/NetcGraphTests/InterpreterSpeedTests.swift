#if !DEBUG
  import NetcCore
  import NetcGraph
  import Testing

  /// The reference interpreter is naive but not slow: initial values and replays go through it.
  @Suite(.serialized) struct InterpreterSpeedTests {
    private func seconds(_ graph: Graph, _ context: EvaluationContext) -> Double {
      let interpreter = ReferenceInterpreter<Float>(context: context)
      _ = interpreter.evaluateAll(graph)
      let clock = ContinuousClock()
      let times = (0..<3).map { _ in clock.measure { _ = interpreter.evaluateAll(graph) } }
      let best = times.min() ?? .zero
      return Double(best.components.seconds) + Double(best.components.attoseconds) * 1e-18
    }

    @Test func aProductOf64By128By64TakesLessThan5Milliseconds() {
      var b = GraphBuilder()
      _ = b.dot(b.constant(0.5, [64, 128]), b.constant(0.25, [128, 64]))
      #expect(seconds(b.graph, EvaluationContext()) < 0.005)
    }

    @Test func theNormalStartOfALargeParameterTakesLessThan300Milliseconds() {
      var b = GraphBuilder()
      let shape: Shape = [784, 512]
      let u = b.randomUniform(shape, site: "w.init#1")
      let v = b.randomUniform(shape, site: "w.init#2")
      let radius = b.sqrt(b.scaled(b.log(b.oneMinus(u)), -2))
      _ = b.scaled(b.multiply(radius, b.cosine(b.scaled(v, 2 * Double.pi))), 0.05)
      #expect(seconds(b.graph, EvaluationContext(seed: 1)) < 0.3)
    }
  }
#endif
