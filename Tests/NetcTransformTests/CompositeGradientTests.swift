import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// Calls with their own adjoint, calls without, calls in calls: the derivatives agree, to the
/// second order.
@Suite struct CompositeGradientTests {
  /// x ↦ tanh(x)·x over `[3]`, which may call itself a level down.
  private static func function(adjoint: Bool, depth: Int) -> Attributes {
    var body = GraphBuilder()
    var x = body.argument(0, .real(3))
    if depth > 0 { x = body.emit(.composite, [x], function(adjoint: adjoint, depth: depth - 1)) }
    body.graph.results = [GraphResult(.result, "0", body.multiply(body.tanh(x), x))]
    var attributes: Attributes = ["name": .text("f"), "body": .body(GraphBody(body.graph))]
    if adjoint, depth == 0 {
      var b = GraphBuilder()
      let input = b.argument(0, .real(3))
      let t = b.tanh(input)
      let slope = b.add(t, b.multiply(input, b.oneMinus(b.multiply(t, t))))
      b.graph.results = [GraphResult(.result, "0", b.multiply(b.argument(2, .real(3)), slope))]
      attributes["adjoint"] = .body(GraphBody(b.graph))
    }
    return attributes
  }

  @Test(arguments: [false, true], [0, 1, 3])
  func agreesWithDifferences(adjoint: Bool, depth: Int) throws {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(3))
    let y = b.emit(.composite, [x], Self.function(adjoint: adjoint, depth: depth))
    let scalar = b.weightedSum(y)
    let function = ScalarFunction(
      graph: b.graph, scalar: scalar, wrt: [("x", x)], point: ["x": Tensor([3], [0.3, -1.2, 2])])
    try function.differentiated().verify()
    for order in [function, function.derivative()] {
      let (exact, numeric) = (order.exactGradients()[0], order.numericGradients()[0])
      #expect(
        norm(zip(exact, numeric).map { $0 - $1 }) <= 1e-6 * norm(exact), "\(exact) \(numeric)")
    }
  }

  @Test func aDeepChainOfCallsIsOpenedWithoutRecursion() {
    var body = GraphBody(Graph())
    for level in 0..<2000 {
      var b = GraphBuilder()
      let x = b.argument(0, .real())
      let inner =
        level == 0 ? b.sine(x) : b.emit(.composite, [x], ["name": .text("f"), "body": .body(body)])
      b.graph.results = [GraphResult(.result, "0", b.scaled(inner, 0.999))]
      body = GraphBody(b.graph)
    }
    var b = GraphBuilder()
    let x = b.parameter("x", .real())
    let y = b.emit(.composite, [x], ["name": .text("f"), "body": .body(body)])
    b.graph.results = [GraphResult(.gradient, "x", b.grad(of: y, wrt: x))]
    let graph = PassPipeline.training().run(b.graph).graph
    #expect(!graph.nodeIDs.contains { graph.op(of: $0) == .composite })
  }
}
