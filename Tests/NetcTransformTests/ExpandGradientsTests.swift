import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// What `expandGradients` builds: names, origins, sums, what it leaves out, what it refuses.
@Suite struct ExpandGradientsTests {
  /// a = x W1, h = where(a <= 0, 0, a), y = h w2, ℓ = mean(max(0, 1 - y z)): the network of the
  /// lecture.
  private static func hingeNetwork() -> (builder: GraphBuilder, loss: ValueID, wrt: [ValueID]) {
    var b = GraphBuilder()
    let x = b.input("x", .real(2, 2))
    let z = b.input("z", .real(2))
    let w1 = b.parameter("W1", .real(2, 3))
    let w2 = b.parameter("w2", .real(3))
    let a = named(b.dot(x, w1), "a", &b)
    let h = named(
      b.select(b.compare(.le, a, b.zeros(b.shape(of: a))), b.zeros(b.shape(of: a)), a), "h", &b)
    let y = named(b.dot(h, w2), "y", &b)
    let margin = b.oneMinus(b.multiply(y, z))
    let loss = named(b.scaled(b.reduceSum(b.maximum(b.zeros([2]), margin)), 0.5), "loss", &b)
    return (b, loss, [w1, w2])
  }

  private static func named(_ value: ValueID, _ name: String, _ b: inout GraphBuilder) -> ValueID {
    b.graph.setName(name, of: value)
    return value
  }

  private static func value(_ name: String, in graph: Graph) -> ValueID? {
    graph.nodeIDs.lazy.flatMap { graph.results(of: $0) }.first { graph.name(of: $0) == name }
  }

  @Test func namesAdjointsAndTheirRules() throws {
    var (b, loss, wrt) = Self.hingeNetwork()
    b.graph.results = wrt.map {
      GraphResult(.gradient, b.graph.name(of: $0) ?? "", b.grad(of: loss, wrt: $0))
    }
    let expanded = expandGradients(b.graph)
    #expect(expanded.problems.isEmpty)
    let graph = expanded.graph
    for name in ["d_W1", "d_w2", "d_a", "d_h", "d_y", "d_loss"] {
      #expect(Self.value(name, in: graph) != nil, "\(name)")
    }
    #expect(Self.value("d_x", in: graph) == nil)
    #expect(Self.value("d_z", in: graph) == nil)
    let dW1 = try #require(Self.value("d_W1", in: graph))
    let origin = graph.origin(of: graph.node(of: dW1))
    #expect(origin.rule == "dot_general wrt rhs")
    #expect(origin.primal == "a")
    try graph.verify()
  }

  @Test func hingeGradientsAreTheTextbooks() throws {
    var (b, loss, wrt) = Self.hingeNetwork()
    b.graph.results = wrt.map { GraphResult(.gradient, "\($0.index)", b.grad(of: loss, wrt: $0)) }
    let gradients = evaluate(
      expandGradients(b.graph).graph,
      parameters: [
        "W1": Tensor([2, 3], [1, -1, 0.5, 0.25, 1, 1]), "w2": Tensor([3], [0.5, -1, 2]),
      ],
      inputs: ["x": Tensor([2, 2], [1, 2, 4, -1]), "z": Tensor([2], [-1, 1])])
    #expect(gradients[1].doubles == [0.75, 0.5, 1.25])
    #expect(gradients[0].doubles == [0.25, -0.5, 1, 0.5, -1, 2])
  }

  @Test func valuesOffThePathGetNoAdjoint() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(2))
    let other = b.exponential(b.parameter("w", .real(2)))
    let loss = b.reduceSum(b.multiply(x, other))
    b.graph.results = [GraphResult(.gradient, "x", b.grad(of: loss, wrt: x))]
    let before = b.graph.nodeCount
    let graph = expandGradients(b.graph).graph
    #expect(graph.nodeCount - (before - 1) == 3, "a seed, its broadcast and one product")
  }

  @Test func sumsContributionsOnce() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real())
    let powers = (0..<5).map { _ in b.sine(x) }
    let loss = powers.reduce(b.constant(0)) { b.add($0, $1) }
    b.graph.results = [GraphResult(.gradient, "x", b.grad(of: loss, wrt: x))]
    let graph = expandGradients(b.graph).graph
    let sums = graph.nodeIDs.filter {
      graph.op(of: $0) == .add && graph.origin(of: $0).rule == "sum"
    }
    #expect(sums.count == 4)
  }

  @Test func countsAllUsesOfAParameter() {
    var b = GraphBuilder()
    let first = b.parameter("x", .real())
    let second = b.parameter("x", .real())
    let loss = b.multiply(first, second)
    b.graph.results = [GraphResult(.gradient, "x", b.grad(of: loss, wrt: first))]
    let made = evaluate(expandGradients(b.graph).graph, parameters: ["x": Tensor([], [3])])
    #expect(made[0].doubles == [6])
  }

  @Test func gradientsOfGradientsToAnyOrder() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real())
    var value = b.power(x, b.constant(4))
    for _ in 0..<3 { value = b.grad(of: value, wrt: x) }
    b.graph.results = [GraphResult(.gradient, "x", value)]
    let expanded = expandGradients(b.graph)
    #expect(expanded.problems.isEmpty)
    #expect(evaluate(expanded.graph, parameters: ["x": Tensor([], [-2])])[0].doubles == [-48])
  }

  @Test func aBindingIsTheOnlyPath() {
    var b = GraphBuilder()
    let v = b.parameter("v", .real())
    let (x, y) = (b.identity(v), b.identity(v))
    let product = b.multiply(b.multiply(x, x), y)
    b.graph.results = [
      GraphResult(.watched, "x", b.grad(of: product, wrt: x)),
      GraphResult(.watched, "y", b.grad(of: product, wrt: y)),
      GraphResult(.watched, "v", b.grad(of: product, wrt: v)),
    ]
    for graph in [expandGradients(b.graph).graph, PassPipeline.training().run(b.graph).graph] {
      let made = evaluate(graph, parameters: ["v": Tensor([], [3])]).flatMap(\.doubles)
      #expect(made == [18, 9, 27])
    }
  }

  @Test func aGradientCanBeNamedByAnother() {
    var b = GraphBuilder()
    let (x, y) = (b.parameter("x", .real()), b.parameter("y", .real()))
    let sum = b.add(x, y)
    let dx = b.grad(of: sum, wrt: x)
    let dy = b.grad(of: sum, wrt: y)
    let product = b.multiply(b.multiply(dx, dy), dx)
    b.graph.results = [GraphResult(.watched, "d", b.grad(of: product, wrt: dx))]
    let made = evaluate(
      expandGradients(b.graph).graph, parameters: ["x": Tensor([], [3]), "y": Tensor([], [5])])
    #expect(made[0].doubles == [2])
  }

  @Test func namesAreGivenOnce() throws {
    var b = GraphBuilder()
    let x = Self.named(b.parameter("x", .real()), "x", &b)
    let own = Self.named(b.sine(x), "d_x", &b)
    let (first, second) = (b.multiply(own, x), b.exponential(x))
    let asked = b.grad(of: second, wrt: x)
    b.graph.setName("slope", of: asked)
    b.graph.results = [
      GraphResult(.watched, "a", b.grad(of: first, wrt: x)), GraphResult(.watched, "b", asked),
      GraphResult(.watched, "c", b.grad(of: b.cosine(x), wrt: x)),
    ]
    let graph = expandGradients(b.graph).graph
    let names = graph.nodeIDs.flatMap { graph.results(of: $0) }.compactMap { graph.name(of: $0) }
    #expect(Set(names).count == names.count)
    #expect(names.contains("d_x_2") && names.contains("d_x_3") && names.contains("slope"))
  }

  @Test func reportsWhatTheScalarDoesNotDependOn() throws {
    var b = GraphBuilder()
    let (x, w) = (b.parameter("x", .real(2)), b.parameter("w", .real(2)))
    let loss = Self.named(b.reduceSum(x), "loss", &b)
    b.graph.results = [GraphResult(.gradient, "w", b.grad(of: loss, wrt: w))]
    let expanded = expandGradients(b.graph)
    let problem = try #require(expanded.problems.first)
    #expect(problem.kind == .unreachable)
    #expect(problem.scalarName == "loss" && problem.wrtName == "w" && problem.blocking == nil)
    #expect(expanded.graph.op(of: expanded.graph.results[0].value) == .constant)
  }

  @Test(arguments: ["compare", "floor", "stop_gradient", "convert", "argmax"])
  func namesWhatBlocksADerivative(_ blocker: String) throws {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(3))
    b.origin = Origin(primal: "here")
    let stepped: ValueID
    switch blocker {
    case "compare": stepped = b.convert(b.compare(.gt, x, b.zeros([3])), to: .float)
    case "floor": stepped = b.floor(x)
    case "stop_gradient": stepped = b.stopGradient(x)
    case "convert": stepped = b.convert(b.convert(x, to: .int), to: .float)
    default:
      let place = b.emit(.argmax, [x], ["axis": .int(0)])
      stepped = b.broadcastScalar(b.convert(place, to: .float), to: [3])
    }
    b.origin = .unknown
    let loss = b.reduceSum(b.multiply(stepped, stepped))
    b.graph.results = [GraphResult(.gradient, "x", b.grad(of: loss, wrt: x))]
    let problem = try #require(expandGradients(b.graph).problems.first)
    #expect(problem.kind == .zeroAlmostEverywhere)
    #expect(problem.blocking?.operation == blocker)
    #expect(problem.blocking?.origin.primal == "here")
  }

  @Test func secondOrderIsTheHessianTimesOnes() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(2))
    let rows = b.reshape(x, to: [2, 1])
    let cross = b.dot(rows, rows, DotDimensions(lhsContracting: [1], rhsContracting: [1]))
    let loss = b.reduceSum(b.multiply(cross, b.constant([1, 2, 2, 5], .real(2, 2))))
    let graph = b.graph.addingGradients(of: loss, wrt: [("x", x)], order: 2)
    let outcome = PassPipeline.derivation.run(graph, verifies: true)
    #expect(outcome.problems.isEmpty)
    let made = evaluate(outcome.graph, parameters: ["x": Tensor([2], [0.3, -4])])
    #expect(made[0].doubles == [6, 14])
  }
}
