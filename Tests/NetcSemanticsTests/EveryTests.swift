import NetcCore
import NetcGraph
import NetcSemantics
import NetcTransform
import Testing

@Suite("Optimizers that act every n steps")
struct EveryTests {
  /// The next values of `w` and of the momentum after the step numbered `step`.
  private func next(_ step: Int, every: String) throws -> (w: Double, v: Double) {
    let analyzed = Analyzed(
      """
      input x: float[batch, 1]
      param w: float[1] = zeros()
      loss mean(x @ w)
      optimizer momentum(lr: 1 + float(step), beta: 0.5)\(every)
      """)
    #expect(analyzed.report == "")
    let model = try #require(analyzed.model)
    let graph = TrainingStep.training(model.training).graph
    var context = EvaluationContext(bindings: ["batch": 1], step: step)
    context.inputs["x"] = Tensor(shape: [1, 1], .double([2]))
    context.parameters["w"] = Tensor(shape: [1], .double([10]))
    context.states["w.momentum.v"] = Tensor(shape: [1], .double([4]))
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
    func number(_ name: String) throws -> Double {
      let result = try #require(graph.results(.update).first { $0.name == name })
      return values[result.value.index].floats[0]
    }
    return (try number("w"), try number("w.momentum.v"))
  }

  @Test("between its steps neither parameters nor states move", arguments: [0, 1, 3, 4])
  func waits(step: Int) throws {
    let result = try next(step, every: " every 3")
    #expect(result == (10, 4))
  }

  @Test("at its steps it acts with a step count of its own", arguments: [2, 5])
  func acts(step: Int) throws {
    // v = 0.5 · 4 + 2; lr = 1 + completed updates of this optimizer.
    let result = try next(step, every: " every 3")
    #expect(result == (10 - Double(1 + step / 3) * 4, 4))
  }

  @Test("without `every` it acts at each step")
  func always() throws { #expect(try next(4, every: "") == (10 - 5 * 4, 4)) }
}
