import NetcCore

/// A graph drawn from a seed, with the numbers it reads: what passes, printers and planners are
/// tested on.
///
/// It has the symbolic dimension `batch`, parameters, inputs, a state, scalars of the step, dead
/// nodes, equal nodes, neutral elements, composites, random draws, a loss, outputs and updates. Its
/// values stay of moderate size: what may grow goes through `tanh`.
package struct RandomGraph: Sendable {
  /// The graph.
  package let graph: Graph
  /// Sizes and numbers to evaluate it with.
  package let context: EvaluationContext

  /// A graph of about `nodeCount` nodes.
  package init(seed: UInt64, nodeCount: Int = 30) {
    var maker = RandomGraphMaker(seed: seed)
    maker.addLeaves()
    while maker.b.graph.nodeCount < nodeCount { maker.addCall() }
    maker.addResults()
    graph = maker.b.graph
    context = maker.context
  }
}

/// The state of drawing a graph: the values made so far that later ones may use.
struct RandomGraphMaker {
  var random: SeededGenerator
  var b = GraphBuilder()
  var context: EvaluationContext
  /// Real values of any shape.
  var reals: [ValueID] = []
  /// Integer values of any shape.
  var ints: [ValueID] = []

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    context = EvaluationContext(bindings: ["batch": 3], step: 5, seed: seed)
  }

  /// Inputs, parameters, a state, the step and random draws, with their numbers.
  mutating func addLeaves() {
    let batch = Dim(symbol: "batch")
    reals.append(b.input("x", TensorType(.float, [batch, 4])))
    context.inputs["x"] = numbers([3, 4])
    ints.append(b.input("labels", TensorType(.int, [batch])))
    context.inputs["labels"] = .sample([3], ints: (0..<3).map { _ in Int32(random.int(-1..<5)) })
    for (name, sizes) in [("w", [4, 2]), ("c", [4]), ("s", []), ("v", [2, 3, 2])] {
      reals.append(b.parameter(name, TensorType(.float, Shape(sizes: sizes))))
      context.parameters[name] = numbers(sizes)
    }
    reals.append(b.state("m", TensorType(.float, [4])))
    context.states["m"] = numbers([4])
    reals.append(b.convert(b.step(), to: .float))
    reals.append(b.randomUniform([batch, 4], site: "noise"))
  }

  /// A scalar loss over some values, outputs, and updates of the parameters that shapes allow.
  mutating func addResults() {
    let chosen = (0..<3).map { _ in random.pick(reals) } + [reals[reals.count - 1]]
    let terms = chosen.map { b.reduceSum(b.tanh($0)) }
    let loss = terms.dropFirst().reduce(terms[0]) { b.add($0, $1) }
    b.graph.setName("loss", of: loss)
    b.graph.results.append(GraphResult(.loss, "loss", loss))
    for (place, value) in chosen.enumerated() {
      b.graph.results.append(GraphResult(.output, "out\(place)", value))
    }
    b.graph.results.append(GraphResult(.output, "place", random.pick(ints)))
    for (name, shape) in [("w", Shape([4, 2])), ("m", Shape([4]))] {
      let values = reals.filter { b.shape(of: $0) == shape }
      b.graph.results.append(GraphResult(.update, name, random.pick(values)))
    }
  }

  /// Two real values of one shape: the second made to fit the first.
  mutating func pair() -> (ValueID, ValueID) {
    let x = random.pick(reals)
    let shape = b.shape(of: x)
    if random.chance(0.3) {
      let number = random.pick([0, 1, -1, 2, 0.5, random.real(-2...2)])
      let literal =
        random.chance(0.5)
        ? b.constant(number, shape) : b.broadcastScalar(b.constant(number), to: shape)
      return random.chance(0.5) ? (x, literal) : (literal, x)
    }
    let alike = reals.filter { b.shape(of: $0) == shape }
    if random.chance(0.7) { return (x, random.pick(alike)) }
    let scalars = reals.filter { b.shape(of: $0).rank == 0 }
    return (x, b.broadcastScalar(random.pick(scalars), to: shape))
  }

  private mutating func numbers(_ shape: [Int]) -> Tensor {
    .sample(shape, (0..<shape.reduce(1, *)).map { _ in random.real(-1.5...1.5) })
  }
}
