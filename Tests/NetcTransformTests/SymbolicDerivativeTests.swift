import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// Derivatives over symbolic dimensions: the graph verifies, and its numbers are those of the bound
/// shapes.
@Suite struct SymbolicDerivativeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let build: @Sendable (inout GraphBuilder, ValueID, Dim) -> ValueID
  }

  static let cases: [Case] = [
    Case(testDescription: "slice with a fixed end") { b, x, _ in b.slice(x, axis: 0, 1, 3) },
    Case(testDescription: "slice without the last row") { b, x, n in
      b.slice(x, axis: 0, 0, n - 1)
    },
    Case(testDescription: "every second row") { b, x, n in
      b.slice(x, start: [1, 0], limit: [n, 3], stride: [2, 1])
    },
    Case(testDescription: "padding by the size") { b, x, n in
      b.pad(x, 1, low: [n, -1], high: [2, 0], interior: [1, 2])
    },
    Case(testDescription: "concatenation") { b, x, _ in b.concatenate([x, b.tanh(x), x], axis: 0) },
    Case(testDescription: "flattening") { b, x, n in b.reshape(x, to: [n * 3]) },
    Case(testDescription: "broadcast") { b, x, n in
      b.broadcast(b.reduceSum(x, axes: [1]), to: [n, 4], axes: [0])
    },
    Case(testDescription: "product with itself") { b, x, _ in
      b.dot(x, x, DotDimensions(lhsContracting: [1], rhsContracting: [1]))
    },
    Case(testDescription: "batched product") { b, x, _ in
      b.dot(
        x, x, DotDimensions(lhsBatch: [0], rhsBatch: [0], lhsContracting: [1], rhsContracting: [1]))
    },
    Case(testDescription: "running sum and maximum") { b, x, _ in
      b.reduceMax(b.cumsum(x, axis: 0, reverse: true), axes: [0])
    },
    Case(testDescription: "mean over the batch") { b, x, n in
      let sum = b.reduceSum(b.multiply(x, x), axes: [0])
      return b.divide(sum, b.broadcastScalar(b.realDimension(n), to: [3]))
    },
    Case(testDescription: "rows by index") { b, x, n in b.gather(x, b.iota([n], axis: 0), axis: 0)
    },
  ]

  @Test(arguments: cases) func numbersAreThoseOfTheBoundShape(_ sample: Case) throws {
    let numbers = Tensor([5, 3], (0..<15).map { Double(($0 * 7) % 15) / 5 - 1.3 })
    func differentiated(_ n: Dim) -> Graph {
      var b = GraphBuilder()
      let x = b.parameter("x", TensorType(.float, [n, 3]))
      let y = sample.build(&b, x, n)
      let first = b.grad(of: b.reduceSum(b.multiply(y, b.tanh(y))), wrt: x)
      let second = b.grad(of: b.reduceSum(b.multiply(first, first)), wrt: x)
      b.graph.results = [GraphResult(.watched, "d", first), GraphResult(.gradient, "x", second)]
      return expandGradients(b.graph).graph
    }
    let symbolic = differentiated(Dim(symbol: "batch"))
    try symbolic.verify()
    try symbolic.checkBinding(["batch": 5])
    let bound = evaluate(symbolic, parameters: ["x": numbers], bindings: ["batch": 5])
    #expect(close(bound, evaluate(differentiated(5), parameters: ["x": numbers])))
    #expect(bound.allSatisfy { $0.doubles.contains { $0 != 0 } })
  }
}
