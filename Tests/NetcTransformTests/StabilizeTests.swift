import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// Stable forms agree with the plain ones where those are right, and stay finite where those are
/// not.
@Suite struct StabilizeTests {
  private typealias Build = @Sendable (inout GraphBuilder, ValueID) -> ValueID

  /// exp x/Σ exp x over the last axis.
  private static func softmax(_ b: inout GraphBuilder, _ x: ValueID) -> ValueID {
    let e = b.exponential(x)
    return b.divide(
      e, b.broadcastReduced(b.reduceSum(e, axes: [1]), to: b.shape(of: x), axes: [1]))
  }

  /// Formulas over x: float[2, 3].
  private static let formulas: [(name: String, build: Build)] = [
    ("log softmax", { b, x in b.log(softmax(&b, x)) }),
    ("log of a softmax call", { b, x in b.log(call(&b, x)) }),
    ("log sigmoid", { b, x in b.log(b.logistic(x)) }),
    ("log of 1 - sigmoid", { b, x in b.log(b.oneMinus(b.logistic(x))) }),
    ("softplus", { b, x in b.log(b.shifted(b.exponential(x), 1)) }),
    ("softplus by log1p", { b, x in b.logPlusOne(b.exponential(x)) }),
    (
      "log of a written sigmoid",
      { b, x in
        let e = b.exponential(b.negate(x))
        return b.log(b.divide(b.ones([2, 3]), b.add(b.ones([2, 3]), e)))
      }
    ),
    ("log-sum-exp", { b, x in b.log(b.reduceSum(b.exponential(x), axes: [1])) }),
  ]

  /// A call of a softmax that keeps its axes, as a library writes it.
  private static func call(_ b: inout GraphBuilder, _ x: ValueID) -> ValueID {
    var body = GraphBuilder()
    let z = body.argument(0, .real(2, 3))
    let e = body.exponential(z)
    let sum = body.reshape(body.reduceSum(e, axes: [1]), to: [2, 1])
    let result = body.divide(e, body.broadcastTrailing(sum, to: [2, 3]))
    body.graph.results = [GraphResult(.result, "0", result)]
    return b.emit(.composite, [x], ["name": .text("f"), "body": .body(GraphBody(body.graph))])
  }

  /// The formula and its gradient summed, at x, with and without the pass.
  private func figures(_ name: String, _ x: [Double], stable: Bool) throws -> [Tensor] {
    let build = try #require(Self.formulas.first { $0.name == name }).build
    var b = GraphBuilder()
    let p = b.parameter("x", .real(2, 3))
    let y = build(&b, p)
    let loss = b.weightedSum(y)
    let slope = b.grad(of: loss, wrt: p)
    let bend = b.grad(of: b.weightedSum(slope), wrt: p)
    b.graph.results = [
      GraphResult(.output, "y", y), GraphResult(.gradient, "x", slope),
      GraphResult(.watched, "bend", bend),
    ]
    let graph = stable ? Pass.stabilize.apply(b.graph) : b.graph
    try graph.verify()
    let expanded = Pass.inlineAfterDifferentiation().apply(expandGradients(graph).graph)
    return evaluate(expanded, parameters: ["x": Tensor([2, 3], x)])
  }

  @Test(arguments: formulas.map(\.name)) func agreesWithThePlainForm(_ name: String) throws {
    for x in [[0.3, -1.2, 2, 0, 0.5, -0.5], [0, 0, 0, 1, 1, 1]] {
      let plain = try figures(name, x, stable: false)
      let stable = try figures(name, x, stable: true)
      #expect(close(stable, plain, tolerance: 1e-12), "\(plain) \(stable)")
    }
  }

  @Test(arguments: formulas.map(\.name)) func staysFinite(_ name: String) throws {
    let extreme = [1000.0, -1000, 3, 800, 800, -20]
    let stable = try figures(name, extreme, stable: true)
    for tensor in stable {
      let isFinite = tensor.doubles.allSatisfy(\.isFinite)
      #expect(isFinite, "\(tensor)")
    }
    let plain = try figures(name, extreme, stable: false)
    let isPlainFinite = plain.allSatisfy { $0.doubles.allSatisfy(\.isFinite) }
    #expect(!isPlainFinite, "the plain form needs no pass")
  }

  @Test func infiniteTermsStayRight() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(3, 2))
    b.graph.results = [
      GraphResult(.output, "y", b.log(b.reduceSum(b.exponential(x), axes: [1])))
    ]
    let made = evaluate(
      Pass.stabilize.apply(b.graph),
      parameters: [
        "x": Tensor([3, 2], [-.infinity, -.infinity, .infinity, 0, 2, -.infinity])
      ])
    #expect(made[0].doubles == [-.infinity, .infinity, 2])
  }

  @Test func smallNumbersKeepTheirDigits() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real())
    b.graph.results = [
      GraphResult(.output, "log", b.log(b.shifted(x, 1))),
      GraphResult(.output, "exp", b.subtract(b.exponential(x), b.constant(1))),
    ]
    let made = evaluate(Pass.stabilize.apply(b.graph), parameters: ["x": Tensor([], [1e-20])])
    #expect(made.flatMap(\.doubles) == [1e-20, 1e-20])
  }
}
