import NetcCore
import NetcGraph
import Testing

@Suite struct GraphTests {
  private let batch = Dim(symbol: "batch")

  @Test(arguments: 0..<60)
  func randomGraphsVerifyAndEvaluate(_ seed: Int) throws {
    let random = RandomGraph(seed: UInt64(seed), nodeCount: 50)
    try random.graph.verify()
    try random.graph.checkBinding(random.context.bindings)
    #expect(random.graph.symbols.allSatisfy { $0 == "batch" })
    let values = ReferenceInterpreter<Double>(context: random.context).evaluateAll(random.graph)
    for value in random.graph.allValues {
      let type = random.graph.type(of: value)
      #expect(values[value.index].shape == type.shape.sizes(random.context.bindings))
    }
    #expect(RandomGraph(seed: UInt64(seed), nodeCount: 50).graph.text == random.graph.text)
  }

  @Test(arguments: 0..<40)
  func inliningKeepsTheNumbers(_ seed: Int) throws {
    let random = RandomGraph(seed: UInt64(seed), nodeCount: 50)
    let flat = random.graph.inliningComposites()
    try flat.verify()
    #expect(!flat.nodeIDs.contains { flat.op(of: $0) == .composite })
    #expect(random.graph.inliningComposites { _ in false }.text == random.graph.text)
    let interpreter = ReferenceInterpreter<Double>(context: random.context)
    let before = interpreter.evaluateAll(random.graph)
    let after = interpreter.evaluateAll(flat)
    for (a, b) in zip(random.graph.results, flat.results) {
      #expect(a.name == b.name && a.role == b.role)
      #expect(before[a.value.index].tensor == after[b.value.index].tensor)
    }
  }

  @Test func innerCallsAreInlinedToo() throws {
    func call(_ depth: Int, _ x: ValueID, _ b: inout GraphBuilder) -> ValueID {
      var inner = GraphBuilder()
      let argument = inner.argument(0, b.type(of: x))
      let value = depth == 0 ? inner.tanh(argument) : call(depth - 1, argument, &inner)
      inner.graph.results = [GraphResult(.result, "0", value)]
      return b.emit(
        .composite, [x], ["name": .text("f\(depth)"), "body": .body(GraphBody(inner.graph))])
    }
    var b = GraphBuilder()
    let x = b.input("x", TensorType(.float, [3]))
    b.graph.results = [GraphResult(.output, "y", call(5, x, &b))]
    #expect(
      b.graph.inliningComposites().text == """
        %0 = input {element: float, name: "x", shape: [3]} : float[3] as "x"
        %1 = tanh(%0) : float[3]
        return output "y" %1

        """)
  }

  @Test func shapesOfTooManyElementsAreRefused() throws {
    let huge = Dim(1 << 62)
    for shape: Shape in [
      [], [0], [huge], [0, huge], [batch, batch, huge], [1, batch * 2, Dim(1 << 61)],
    ] { #expect(try shape.checked() == shape) }
    for shape: Shape in [
      [huge, 2], [2, 0, huge], [batch * 2, huge], [batch, 4, batch, huge], [.overflow], [-1],
      [batch, -1], [.overflow, 0],
    ] { #expect(throws: OperationTypeError.self) { try shape.checked() } }
  }

  @Test func equalAttributesAndTypesHaveOneNumber() {
    var b = GraphBuilder()
    let sizes = Array(0..<500) + Array(0..<500).reversed()
    let values = sizes.map { b.constant(Double($0), [Dim($0)]) }
    for (value, twin) in zip(values, values.reversed()) {
      #expect(b.graph.typeNumber(of: value) == b.graph.typeNumber(of: twin))
      let (node, other) = (b.graph.node(of: value), b.graph.node(of: twin))
      #expect(b.graph.attributeNumber(of: node) == b.graph.attributeNumber(of: other))
    }
    #expect(Set(values.map { b.graph.typeNumber(of: $0) }).count == 500)
    #expect(values.map { b.shape(of: $0) } == sizes.map { [Dim($0)] })
  }

  @Test func productsAreCountedPerExample() {
    var b = GraphBuilder()
    let x = b.input("x", TensorType(.float, [batch, 784]))
    let w = b.parameter("w", TensorType(.float, [784, 10]))
    let y = b.dot(x, w)
    _ = b.dot(y, b.parameter("v", TensorType(.float, [10])))
    #expect(b.graph.multiplyAdds == batch * 7850)
    #expect(b.graph.multiplyAddsPerExample() == 7850)
  }

  @Test func slicesThatLeaveTheTensorAreFoundWhenBound() throws {
    var b = GraphBuilder()
    let x = b.input("x", TensorType(.float, [batch]))
    b.graph.results = [GraphResult(.output, "y", b.slice(x, axis: 0, 2, 5))]
    try b.graph.checkBinding(["batch": 5])
    #expect(throws: BindingError.self) { try b.graph.checkBinding(["batch": 4]) }
    #expect(throws: BindingError.self) { try b.graph.checkBinding([:]) }
    var c = GraphBuilder()
    _ = c.input("x", TensorType(.float, [batch - 3]))
    #expect(throws: BindingError.self) { try c.graph.checkBinding(["batch": 2]) }
  }

  @Test func theVerifierNamesTheBreach() throws {
    func expectBreach(_ message: String, _ build: (inout GraphBuilder) -> Void) {
      var b = GraphBuilder()
      build(&b)
      let graph = b.graph
      let error = #expect(throws: VerificationError.self) { try graph.verify() }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "nothing")")
    }
    let vector = TensorType(.float, [2])
    expectBreach("tanh, node 1: the result is") { b in
      let x = b.constant(0, [2])
      _ = b.graph.appendUnchecked(
        .tanh, [x], .none, resultTypes: [TensorType(.float, [3])], origin: .unknown)
    }
    expectBreach("tanh, node 1: real numbers expected") { b in
      let x = b.step()
      _ = b.graph.appendUnchecked(
        .tanh, [x], .none, resultTypes: [TensorType(.int, [])], origin: .unknown)
    }
    expectBreach("there is no attribute `axis`") { b in
      _ = b.emit(.step, [], ["axis": .int(0)])
    }
    expectBreach("an argument outside a body") { b in _ = b.argument(0, vector) }
    expectBreach("loss `l` is float[2], not a real scalar") { b in
      b.graph.results = [GraphResult(.loss, "l", b.zeros([2]))]
    }
    expectBreach("update `w` is float[3], not float[2]") { b in
      _ = b.parameter("w", vector)
      b.graph.results = [GraphResult(.update, "w", b.zeros([3]))]
    }
    expectBreach("output `y` is there twice") { b in
      let y = b.zeros([3])
      b.graph.results = [GraphResult(.output, "y", y), GraphResult(.output, "y", y)]
    }
    expectBreach("`w` is float[3] here and float[2] before") { b in
      _ = b.parameter("w", vector)
      _ = b.parameter("w", TensorType(.float, [3]))
    }
    expectBreach("the adjoint gives") { b in
      var body = GraphBuilder()
      let x = body.argument(0, vector)
      body.graph.results = [GraphResult(.result, "0", body.tanh(x))]
      var adjoint = GraphBuilder()
      let d = adjoint.argument(2, vector)
      adjoint.graph.results = [GraphResult(.result, "0", adjoint.reduceSum(d))]
      _ = b.emit(
        .composite, [b.zeros([2])],
        [
          "name": .text("f"), "body": .body(GraphBody(body.graph)),
          "adjoint": .body(GraphBody(adjoint.graph)),
        ])
    }
  }
}
