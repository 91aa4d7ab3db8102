import NetcCore
import NetcGraph
import NetcRuntime
import NetcTransform
import Testing

/// Loops in plans: the body's instructions stand there once, sequences and stacks are walked
/// through in place.
@Suite struct ScanPlanTests {
  /// h' = tanh(x W + h U), outputs h', the loss the sum of squares of the outputs.
  private func recurrence(
    length: Int, width: Int = 8, batch: Int = 4
  ) throws -> (Graph, EvaluationContext) {
    var b = GraphBuilder()
    var random = SeededGenerator(seed: 5)
    var context = EvaluationContext()
    func numbers(_ shape: [Int]) throws -> Tensor {
      let values = (0..<shape.reduce(1, *)).map { _ in random.real(-0.5...0.5) }
      return try #require(Tensor(shape: shape, .double(values)))
    }
    let square = Shape(sizes: [width, width])
    let x = b.parameter("x", TensorType(.float, Shape(sizes: [length, batch, width])))
    let w = b.parameter("W", TensorType(.float, square))
    let u = b.parameter("U", TensorType(.float, square))
    context.parameters["x"] = try numbers([length, batch, width])
    context.parameters["W"] = try numbers([width, width])
    context.parameters["U"] = try numbers([width, width])
    let state = TensorType(.float, Shape(sizes: [batch, width]))
    var inner = GraphBuilder()
    let arguments = [state, state, b.type(of: w), b.type(of: u)].enumerated()
      .map { inner.argument($0, $1) }
    let axes = DotDimensions(lhsContracting: [1], rhsContracting: [0])
    let sum = inner.add(
      inner.dot(arguments[1], arguments[2], axes), inner.dot(arguments[0], arguments[3], axes))
    let h = inner.tanh(sum)
    inner.graph.results = [GraphResult(.result, "0", h), GraphResult(.result, "1", h)]
    let results = b.scan(
      ScanParts(
        carried: [b.zeros(state.shape)], sequences: [x], captured: [w, u], length: Dim(length),
        body: GraphBody(inner.graph)))
    let loss = b.reduceSum(b.multiply(results[1], results[1]))
    b.graph.results = [GraphResult(.output, "loss", loss), GraphResult(.output, "h", results[0])]
    for (name, value) in [("x", x), ("W", w), ("U", u)] {
      b.graph.results.append(GraphResult(.gradient, name, b.grad(of: loss, wrt: value)))
    }
    return (PassPipeline.training().run(b.graph).graph, context)
  }

  private func plan(length: Int, separate: Bool = false) throws -> Plan {
    let (graph, context) = try recurrence(length: length)
    let layout = try PersistentLayout(of: [graph], bindings: [:], precision: .single)
    var rig = PlanRig(graph, context)
    rig.separateBuffers = separate
    return try rig.plan(.once, layout)
  }

  @Test func aThousandTurnsTakeTheInstructionsOfTen() throws {
    #expect(try plan(length: 10).code.count == plan(length: 1000).code.count)
  }

  @Test(arguments: [1, 2, 7]) func gradientsAgreeWithTheReference(length: Int) throws {
    let (graph, context) = try recurrence(length: length)
    let rig = PlanRig(graph, context)
    let outputs = try rig.outputs()
    let reference = rig.reference()
    for result in graph.results {
      let found = try #require(outputs[result.role, result.name])
      #expect(agree(found, reference[result.value.index], 1e-12), "\(result.name)")
    }
  }

  @Test(arguments: Precision.allCases)
  func threadsAndBuffersKeepTheBits(precision: Precision) throws {
    let (graph, context) = try recurrence(length: 5, width: 96, batch: 64)
    var rig = PlanRig(graph, context)
    rig.precision = precision
    let alone = try rig.outputs()
    rig.threads = 2
    let shared = try rig.outputs()
    rig.separateBuffers = true
    let separate = try rig.outputs()
    for result in graph.results {
      let first = try #require(alone[result.role, result.name])
      #expect(first == shared[result.role, result.name], "\(result.name)")
      #expect(first == separate[result.role, result.name], "\(result.name)")
    }
  }

  @Test func noMemoryIsSharedWhileItIsNeeded() throws {
    #expect(OverlapChecker.firstConflict(in: try plan(length: 6)) == nil)
    for sample in OpID.scan.operation.samples {
      let made = try SampleGraph(.scan, sample)
      let rig = PlanRig(made.graph, made.context)
      let plan = try rig.plan(.once, try rig.executor().layout)
      #expect(OverlapChecker.firstConflict(in: plan) == nil)
    }
  }

  @Test(arguments: OpID.scan.operation.samples.indices)
  func derivativesOfSamplesRunAsTheReference(place: Int) throws {
    let made = try SampleGraph(.scan, OpID.scan.operation.samples[place])
    var b = GraphBuilder(made.graph)
    var wrt: [(name: String, value: ValueID)] = []
    for node in b.graph.nodeIDs where b.graph.op(of: node) == .parameter {
      wrt.append((b.graph.attributes(of: node).text("name"), b.graph.result(of: node)))
    }
    let real = made.graph.results.filter { b.type(of: $0.value).element == .float }
    let sums = real.map { b.reduceSum(b.multiply($0.value, $0.value)) }
    guard let first = sums.first, !wrt.isEmpty else { return }
    let loss = sums.dropFirst().reduce(first) { b.add($0, $1) }
    let asked = b.graph.addingGradients(of: loss, wrt: wrt, order: 2)
    for graph in [expandGradients(asked).graph, PassPipeline.training().run(asked).graph] {
      let rig = PlanRig(graph, made.context)
      let outputs = try rig.outputs()
      let reference = rig.reference()
      for result in graph.results {
        let found = try #require(outputs[result.role, result.name])
        #expect(agree(found, reference[result.value.index], 1e-10), "\(result.name)")
      }
    }
  }
}
