import NetcCore
import NetcGraph
import Testing

@Suite struct GraphTextTests {
  /// Whether both graphs print the same, origins included, and agree node by node.
  private func expectSame(_ a: Graph, _ b: Graph) {
    let printer = GraphPrinter(withOrigins: true)
    #expect(printer.text(of: a) == printer.text(of: b))
    #expect(a.isStructurallyEqual(to: b))
    #expect(a.results == b.results)
    for index in 0..<min(a.valueCount, b.valueCount) {
      let node = a.node(of: a.allValues[index])
      #expect(a.name(of: a.allValues[index]) == b.name(of: b.allValues[index]))
      #expect(a.origin(of: node) == b.origin(of: node))
    }
  }

  @Test(arguments: 0..<60)
  func randomGraphsReadBackTheSame(_ seed: Int) throws {
    let graph = RandomGraph(seed: UInt64(seed), nodeCount: 40).graph
    expectSame(try GraphReader.read(GraphPrinter(withOrigins: true).text(of: graph)), graph)
    #expect(try GraphReader.read(graph.text).isStructurallyEqual(to: graph))
  }

  @Test(arguments: OperationCase.all)
  func everyOperationReadsBack(_ call: OperationCase) throws {
    let graph = try SampleGraph(call.op, call.sample).graph
    expectSame(try GraphReader.read(graph.text), graph)
  }

  @Test func namesOriginsAndOddNumbersReadBack() throws {
    var b = GraphBuilder()
    let file = SourceRange(file: SourceID(rawValue: 2), start: 14, end: 20)
    b.origin = Origin(range: file, primal: "h \"1\"\n", rule: "add wrt lhs")
    let odd: [Double] = [
      -0.0, 0.1, .leastNonzeroMagnitude, -1.7976931348623157e308, .infinity, -.infinity, .nan,
      Double(bitPattern: 0xFFF8_0000_0000_0001), 123456789, 1e16, 3,
    ]
    let values = b.constant(odd, TensorType(.float, [Dim(odd.count)]))
    b.graph.setName("a \\ \t \u{1} ∂ℓ", of: values)
    b.origin = .unknown
    let batch = Dim(symbol: "batch")
    let half = try #require((batch * 3 - 1).flooredQuotient(by: 2))
    let rest = try #require((batch - 7).flooredRemainder(by: Dim(symbol: "η")))
    _ = b.input("x", TensorType(.bool, [batch * batch * -2 + half * 4 + 1, rest + half]))
    b.graph.results = [GraphResult(.watched, "", values), GraphResult(.output, "%1", values)]
    expectSame(try GraphReader.read(GraphPrinter(withOrigins: true).text(of: b.graph)), b.graph)
  }

  @Test func anAttributeOfAnUnusualKindSaysIt() throws {
    var inner = GraphBuilder()
    let x = inner.argument(0, TensorType(.float, []))
    inner.graph.results = [GraphResult(.result, "0", inner.tanh(x))]
    var b = GraphBuilder()
    let odd = b.emit(
      .composite, [b.constant(1)],
      [
        "name": .text("f"), "body": .body(GraphBody(inner.graph)),
        "settings": .ints([1, -2]), "extra": .dim(Dim(symbol: "n")),
      ])
    b.graph.results = [GraphResult(.output, "y", odd)]
    #expect(
      b.graph.text.contains("extra: dim(n)") && b.graph.text.contains("settings: ints([1, -2])"))
    expectSame(try GraphReader.read(b.graph.text), b.graph)
  }

  @Test(arguments: [
    ("%0 = nonsense : float", "1:6: no operation is called `nonsense`"),
    ("%0 = step : float", "1:6: `step`: the result is int"),
    ("%0 = step : int\n%0 = step : int", "2:1: %0 is defined twice"),
    ("%1 = tanh(%0) : float", "1:11: %0 is used before it is defined"),
    ("return loss \"l\" %3", "1:17: %3 is used before it is defined"),
    ("return win \"l\" %3", "1:8: a result's role expected"),
    ("%0 = constant {values: [1, oops], shape: []} : float", "1:28: a number expected"),
    ("%0 = step : int as \"a", "1:22: `\"` expected at the end of the text"),
    ("%0 = iota {axis: 1, shape: [2]} : int[2]", "1:6: `iota`: `axis` is 1"),
    ("%0 = iota {axis: 0, axis: 0}", "1:21: `axis` is given twice"),
    ("%0 = step }", "1:11: `:` expected, found `}`"),
    ("%99999999999999999999 = step : int", "1:22: a value's number is too large"),
  ])
  func mistakesAreReportedWithTheirPlace(_ text: String, _ message: String) {
    let error = #expect(throws: GraphReadError.self) { try GraphReader.read(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "nothing")")
  }

  @Test func deepNestingIsRefused() {
    let deep = String(repeating: "div(", count: 5000)
    #expect(throws: GraphReadError.self) {
      try GraphReader.read("%0 = dimension {expression: \(deep)")
    }
    let bodies = String(repeating: "%0 = composite {body: {", count: 5000)
    #expect(throws: GraphReadError.self) { try GraphReader.read(bodies) }
  }

  /// Damaged text is refused or read, never a trap; what is read prints and reads back.
  @Test(arguments: 0..<8)
  func damagedTextNeverTraps(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let text = Array(RandomGraph(seed: UInt64(seed), nodeCount: 25).graph.text.unicodeScalars)
    let marks = Array("%{}[](),:=\"\\-0123456789.eabc \n".unicodeScalars)
    for _ in 0..<mutantCount {
      var damaged = text
      for _ in 0..<random.int(1..<4) {
        let place = random.int(0..<damaged.count)
        switch random.int(0..<3) {
        case 0: damaged.remove(at: place)
        case 1: damaged.insert(random.pick(marks), at: place)
        default: damaged[place] = random.pick(marks)
        }
      }
      var mutant = String.UnicodeScalarView()
      mutant.append(contentsOf: damaged)
      guard let graph = try? GraphReader.read(String(mutant)) else { continue }
      expectSame(try GraphReader.read(GraphPrinter(withOrigins: true).text(of: graph)), graph)
    }
  }

  #if DEBUG
    private let mutantCount = 10
  #else
    private let mutantCount = 300
  #endif
}

extension Graph {
  /// Every value in order.
  var allValues: [ValueID] { nodeIDs.flatMap { results(of: $0) } }
}
