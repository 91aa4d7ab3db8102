import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// The derivatives that are a matter of choice: at ties, at zero, beside literals.
@Suite struct KinkTests {
  /// The gradients of Σ f in each argument at the given numbers.
  private func gradients(
    _ arguments: [[Double]],
    _ function: (inout GraphBuilder, [ValueID]) -> ValueID
  ) -> [[Double]] {
    var b = GraphBuilder()
    var point: [String: Tensor] = [:]
    let leaves = arguments.enumerated().map { place, numbers in
      point["x\(place)"] = Tensor([numbers.count], numbers)
      return b.parameter("x\(place)", .real(numbers.count))
    }
    let sum = b.reduceSum(function(&b, leaves))
    let made = leaves.map { b.grad(of: sum, wrt: $0) }
    b.graph.results = made.enumerated().map { GraphResult(.gradient, "x\($0)", $1) }
    return evaluate(expandGradients(b.graph).graph, parameters: point).map(\.doubles)
  }

  @Test func computedOperandsShareATie() {
    let made = gradients([[1, 2, 3], [1, 3, 2]]) { b, x in b.maximum(x[0], x[1]) }
    #expect(made == [[0.5, 0, 1], [0.5, 1, 0]])
    let least = gradients([[1, 2, 3], [1, 3, 2]]) { b, x in b.minimum(x[0], x[1]) }
    #expect(least == [[0.5, 1, 0], [0.5, 0, 1]])
  }

  @Test func besideALiteralTheTieGivesNothing() {
    let made = gradients([[-1, 0, 2]]) { b, x in b.maximum(x[0], b.zeros([3])) }
    #expect(made == [[0, 0, 1]])
    let scalar = gradients([[-1, 0, 2]]) { b, x in
      b.minimum(b.broadcastScalar(b.negate(b.constant(-0.0)), to: [3]), x[0])
    }
    #expect(scalar == [[1, 0, 0]])
  }

  @Test func tiesInAMaximumOverAnAxisShareEqually() {
    let made = gradients([[3, 1, 3, 3]]) { b, x in b.reduceMax(x[0], axes: [0]) }
    let third = 1.0 / 3
    #expect(made == [[third, 0, third, third]])
  }

  @Test func theMagnitudeIsFlatAtZero() {
    let made = gradients([[-2, 0, 5]]) { b, x in b.abs(x[0]) }
    #expect(made == [[-1, 0, 1]])
  }

  @Test func literalPowersDifferentiateAtZeroAndBelow() {
    let cases: [(Double, [Double])] = [
      (0, [0, 0, 0]), (1, [1, 1, 1]), (2, [-4, 0, 6]), (3, [12, 0, 27]),
      (-1, [-0.25, -Double.infinity, -1.0 / 9]),
    ]
    for (exponent, expected) in cases {
      let made = gradients([[-2, 0, 3]]) { b, x in b.power(x[0], b.constant(exponent, [3])) }
      #expect(made == [expected], "exponent \(exponent)")
    }
  }

  @Test func computedPowersDifferentiateAtZero() {
    let made = gradients([[0, 0, 2], [0, 2, 0]]) { b, x in b.power(x[0], x[1]) }
    #expect(made[0] == [0, 0, 0])
    #expect(Array(made[1][..<2]) == [0, 0])
    #expect(made[1][2] == 0.6931471805599453)
  }

  @Test func theSecondDerivativeOfACubeAtZeroIsZero() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(2))
    let first = b.grad(of: b.reduceSum(b.power(x, b.constant(3, [2]))), wrt: x)
    let second = b.grad(of: b.reduceSum(first), wrt: x)
    b.graph.results = [GraphResult(.gradient, "x", second)]
    let made = evaluate(
      expandGradients(b.graph).graph, parameters: ["x": Tensor([2], [0, -2])])
    #expect(made[0].doubles == [0, -12])
  }

  @Test func nothingFlowsThroughAStoppedOrUnchosenValue() {
    let stopped = gradients([[1, 2]]) { b, x in b.multiply(x[0], b.stopGradient(x[0])) }
    #expect(stopped == [[1, 2]])
    let made = gradients([[-1, 4]]) { b, x in
      let isPositive = b.compare(.gt, x[0], b.zeros([2]))
      return b.select(isPositive, b.sqrt(b.select(isPositive, x[0], b.ones([2]))), b.zeros([2]))
    }
    #expect(made == [[0, 0.25]])
  }

  @Test func indicesOutOfRangeGetNothing() {
    let made = gradients([[1, 2, 3]]) { b, x in
      b.gather(x[0], b.constant([2, -1, 2, 7], TensorType(.int, [4])), axis: 0)
    }
    #expect(made == [[0, 0, 2]])
  }
}
