import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// What each pass changes, on graphs written by hand.
@Suite struct PassTests {
  /// The operations of a graph's nodes after a pass and dead code, in order.
  private func operations(
    after pass: Pass, _ build: (inout GraphBuilder) -> ValueID
  ) throws -> [String] {
    var b = GraphBuilder()
    let value = build(&b)
    b.graph.results = [GraphResult(.output, "y", value)]
    let graph = Pass.eliminateDeadCode.apply(pass.apply(b.graph))
    try graph.verify()
    return graph.nodeIDs.map { graph.op(of: $0).operation.name }
  }

  private typealias Build = @Sendable (inout GraphBuilder, ValueID) -> ValueID

  /// Formulas over x: float[2, 3] that canonical form reduces to x.
  private static let neutral: [(name: String, build: Build)] = [
    ("x * 1", { b, x in b.multiply(x, b.ones([2, 3])) }),
    ("1 * x", { b, x in b.multiply(b.ones([2, 3]), x) }),
    ("x / 1", { b, x in b.divide(x, b.ones([2, 3])) }),
    ("x - 0", { b, x in b.subtract(x, b.zeros([2, 3])) }),
    ("x + -0", { b, x in b.add(x, b.constant(-0.0, [2, 3])) }),
    ("x ^ 1", { b, x in b.power(x, b.ones([2, 3])) }),
    ("-(-x)", { b, x in b.negate(b.negate(x)) }),
    ("-1 * (-1 * x)", { b, x in b.scaled(b.scaled(x, -1), -1) }),
    ("max(x, x)", { b, x in b.maximum(x, x) }),
    ("identity", { b, x in b.identity(b.identity(x)) }),
    ("stop_gradient", { b, x in b.stopGradient(x) }),
    ("convert", { b, x in b.convert(x, to: .float) }),
    (
      "reshape back",
      { b, x in b.reshape(b.reshape(b.reshape(x, to: [6]), to: [3, 2]), to: [2, 3]) }
    ),
    ("transpose twice", { b, x in b.transpose(b.transpose(x)) }),
    (
      "select true",
      { b, x in b.select(b.constant(1, [2, 3], element: .bool), x, b.zeros([2, 3])) }
    ),
    ("select of one", { b, x in b.select(b.compare(.lt, x, b.ones([2, 3])), x, x) }),
    (
      "broadcast one",
      { b, x in b.multiply(x, b.broadcastScalar(b.constant(1), to: [2, 3])) }
    ),
  ]

  @Test(arguments: neutral.map(\.name)) func canonicalFormDropsNeutralParts(_ name: String) throws {
    let build = try #require(Self.neutral.first { $0.name == name }).build
    let left = try operations(after: .canonicalize) { b in
      let x = b.input("x", .real(2, 3))
      return build(&b, x)
    }
    #expect(left == ["input"])
  }

  @Test func canonicalFormKeepsTheSignOfZero() throws {
    let left = try operations(after: .canonicalize) { b in
      let x = b.input("x", .real(2))
      return b.add(x, b.zeros([2]))
    }
    #expect(left.contains("add"))
  }

  @Test func canonicalFormJoinsBroadcasts() throws {
    let left = try operations(after: .canonicalize) { b in
      let x = b.input("x", .real(3))
      let row = b.reshape(x, to: [1, 3])
      let matrix = b.broadcast(row, to: [2, 3], axes: [0, 1])
      return b.broadcast(matrix, to: [4, 2, 3], axes: [1, 2])
    }
    #expect(left == ["input", "broadcast_in_dim"])
  }

  @Test func canonicalFormTurnsMovesOfUnitAxesIntoReshapes() throws {
    let left = try operations(after: .canonicalize) { b in
      b.transpose(b.input("x", .real(1, 3)))
    }
    #expect(left == ["input", "reshape"])
  }

  @Test func canonicalFormKeepsWhatAGradientNames() {
    var b = GraphBuilder()
    let x = b.parameter("x", .real())
    let named = b.identity(x)
    let stopped = b.stopGradient(x)
    let loss = b.add(b.multiply(named, x), stopped)
    b.graph.results = [GraphResult(.watched, "d", b.grad(of: loss, wrt: named))]
    let graph = Pass.canonicalize.apply(b.graph)
    let left = graph.nodeIDs.map { graph.op(of: $0) }
    #expect(left.contains(.identity) && left.contains(.stopGradient))
  }

  @Test func constantsAreComputed() throws {
    let left = try operations(after: .foldConstants) { b in
      let c = b.constant([1, 2, 3], .real(3))
      let sum = b.reduceSum(b.multiply(c, b.constant([4, 5, 6], .real(3))))
      return b.multiply(b.input("x", .real()), b.sqrt(sum))
    }
    #expect(left == ["input", "constant", "multiply"])
  }

  @Test func constantsAreNotWrittenOutLarge() throws {
    let shape = Shape([Dim(symbol: "batch"), 1000])
    let left = try operations(after: .foldConstants) { b in
      let c = b.add(b.constant(2, shape), b.constant(3, shape))
      let grown = b.broadcast(b.constant([1, 2], .real(2)), to: [500, 2], axes: [1])
      _ = c
      return b.concatenate(
        [
          b.reshape(c, to: Shape([Dim(symbol: "batch") * 1000])),
          b.reshape(grown, to: [1000]),
        ], axis: 0)
    }
    #expect(left.filter { $0 == "add" }.isEmpty)
    #expect(left.contains("broadcast_in_dim"))
  }

  @Test func equalExpressionsMerge() throws {
    let left = try operations(after: .mergeEqualValues) { b in
      let x = b.input("x", .real(3))
      let y = b.input("y", .real(3))
      let noise = [b.randomUniform([3], site: "a"), b.randomUniform([3], site: "a")]
      let sum = b.add(b.multiply(x, y), b.multiply(y, x))
      return b.add(b.add(sum, noise[0]), noise[1])
    }
    #expect(left.filter { $0 == "multiply" }.count == 1)
    #expect(left.filter { $0 == "random_uniform" }.count == 1)
  }

  @Test func drawsOfOtherSitesStayApart() throws {
    let left = try operations(after: .mergeEqualValues) { b in
      b.add(b.randomUniform([3], site: "a"), b.randomUniform([3], site: "b"))
    }
    #expect(left.filter { $0 == "random_uniform" }.count == 2)
  }

  @Test func deadCodeGoesAndResultsStay() throws {
    let left = try operations(after: .eliminateDeadCode) { b in
      let x = b.input("x", .real())
      _ = b.exponential(b.sine(x))
      return b.cosine(x)
    }
    #expect(left == ["input", "cosine"])
  }

  @Test func transposesBecomeAxesOfProducts() throws {
    let left = try operations(after: .foldTransposes) { b in
      let x = b.transpose(b.input("x", .real(3, 2)))
      let y = b.transpose(b.input("y", .real(4, 3)))
      return b.transpose(b.dot(x, y))
    }
    #expect(left == ["input", "input", "dot_general"])
  }

  @Test func transposesInsideBatchesBecomeAxes() throws {
    let left = try operations(after: .foldTransposes) { b in
      let q = b.transpose(b.input("q", .real(5, 2, 7, 4)), [0, 2, 1, 3])
      let k = b.transpose(b.input("k", .real(5, 2, 7, 4)), [0, 2, 3, 1])
      return b.dot(q, k)
    }
    #expect(left == ["input", "input", "dot_general"])
  }

  @Test func tablesAreMultipliedBeforeTheyAreRead() throws {
    let rows = try operations(after: .exchangeGathers) { b in
      let table = b.input("E", .real(3, 4))
      let places = b.input("i", TensorType(.int, [2, 5]))
      let turned = b.transpose(b.gather(table, places, axis: 0), [1, 0, 2])
      return b.dot(turned, b.input("W", .real(4, 6)))
    }
    #expect(rows.filter { $0 == "gather" }.count == 1 && rows.last == "gather")
    let sums = try operations(after: .exchangeGathers) { b in
      let places = b.input("i", TensorType(.int, [2, 5]))
      let updates = b.dot(b.input("d", .real(5, 2, 6)), b.input("W", .real(6, 4)))
      return b.scatterAdd(b.zeros([3, 4]), places, b.transpose(updates, [1, 0, 2]), axis: 0)
    }
    #expect(sums.last == "dot_general")
  }

  /// The forms of a product with rows of a table keep its values, with more rows than the table
  /// has and with fewer.
  @Test(arguments: [2, 9]) func productsOfTablesKeepTheirValues(reads: Int) throws {
    var b = GraphBuilder()
    let shape = TensorType.real(2, reads, 4)
    let table = b.parameter("E", .real(5, 3))
    let places = b.parameter("i", TensorType(.int, Shape(sizes: [reads, 2])))
    let weight = b.parameter("W", .real(3, 4))
    let bias = b.broadcast(b.parameter("b", .real(4)), to: shape.shape, axes: [2])
    let turned = b.transpose(b.gather(table, places, axis: 0), [1, 0, 2])
    let y = b.add(b.dot(turned, weight), bias)
    let loss = b.weightedSum(b.tanh(y))
    let leaves = b.graph.nodeIDs.map { b.graph.result(of: $0) }
      .filter { b.graph.op(of: $0) == .parameter && b.type(of: $0).element == .float }
    b.graph.results = [GraphResult(.loss, "loss", loss)]
    for leaf in leaves {
      b.graph.results.append(
        GraphResult(.gradient, b.graph.name(of: leaf) ?? "", b.grad(of: loss, wrt: leaf)))
    }
    func numbers(_ shape: [Int]) -> Tensor {
      Tensor(shape, (0..<(elementCount(shape) ?? 0)).map { Double(($0 * 7 + 3) % 11) / 10 - 0.4 })
    }
    let indices = (0..<2 * reads).map { Int32($0 * 3 % 7 - 1) }
    let parameters = [
      "E": numbers([5, 3]), "W": numbers([3, 4]), "b": numbers([4]),
      "i": try #require(Tensor(shape: [reads, 2], .int(indices))),
    ]
    let expected = evaluate(expandGradients(b.graph).graph, parameters: parameters)
    let optimized = PassPipeline.training().run(b.graph, verifies: true).graph
    #expect(close(evaluate(optimized, parameters: parameters), expected))
  }

  @Test func powersBecomeProducts() throws {
    let left = try operations(after: .expandPowers) { b in
      b.power(b.input("x", .real(2)), b.constant(5, [2]))
    }
    #expect(left == ["input", "multiply", "multiply", "multiply"])
    let inverse = try operations(after: .expandPowers) { b in
      b.power(b.input("x", .real(2)), b.constant(-2, [2]))
    }
    #expect(inverse.contains("divide") && !inverse.contains("power"))
  }

  @Test func algebraGathersFactorsAndCounts() throws {
    let factors = try operations(after: .simplifyAlgebra) { b in
      let x = b.scaled(b.input("x", .real(2)), 3)
      return b.negate(b.scaled(b.divide(x, b.constant(4, [2])), 2))
    }
    #expect(factors == ["input", "constant", "multiply"])
    let counts = try operations(after: .simplifyAlgebra) { b in
      let x = b.input("x", .real(3))
      let batch = Dim(symbol: "batch")
      return b.reduceSum(b.broadcast(x, to: Shape([batch, 3]), axes: [1]), axes: [0])
    }
    #expect(!counts.contains("reduce_sum") && counts.contains("dimension"))
    let sums = try operations(after: .simplifyAlgebra) { b in
      b.reduceSum(b.reduceSum(b.input("x", .real(3, 4, 5)), axes: [1]), axes: [0])
    }
    #expect(sums == ["input", "reduce_sum"])
  }

  /// sum over rows of (x · s) · y, s a row, is s · sum of x · y; two sums that differ by s are one.
  @Test func algebraTakesRepeatedFactorsOutOfSums() throws {
    let left = try operations(after: .simplifyAlgebra) { b in
      let (x, y) = (b.input("x", .real(4, 3)), b.input("y", .real(4, 3)))
      let row = b.broadcast(b.input("s", .real(3)), to: [4, 3], axes: [1])
      return b.reduceSum(b.multiply(b.multiply(x, row), y), axes: [0])
    }
    #expect(left == ["input", "input", "input", "multiply", "reduce_sum", "multiply"])
    let unit = try operations(after: .simplifyAlgebra) { b in
      let row = b.broadcast(b.input("s", .real(1, 3)), to: [4, 3], axes: [0, 1])
      return b.reduceSum(b.multiply(b.input("x", .real(4, 3)), row), axes: [0])
    }
    #expect(unit == ["input", "input", "reduce_sum", "reshape", "multiply"])
    let along = try operations(after: .simplifyAlgebra) { b in
      let row = b.broadcast(b.input("s", .real(3)), to: [4, 3], axes: [1])
      return b.reduceSum(b.multiply(b.input("x", .real(4, 3)), row), axes: [1])
    }
    #expect(along == ["input", "broadcast_in_dim", "input", "multiply", "reduce_sum"])
    let within = try operations(after: .simplifyAlgebra) { b in
      let column = b.broadcast(b.input("s", .real(4)), to: [4, 3], axes: [0])
      return b.reduceSum(b.multiply(b.input("x", .real(4, 3)), column), axes: [1])
    }
    #expect(within == ["input", "broadcast_in_dim", "input", "multiply", "reduce_sum"])
  }

  @Test func functionsWithoutAnAdjointAreOpened() throws {
    var body = GraphBuilder()
    let argument = body.argument(0, .real())
    let inside = body.sine(argument)
    body.graph.results = [GraphResult(.result, "0", inside)]
    let shared = GraphBody(body.graph)
    let left = try operations(after: .inlineBeforeDifferentiation()) { b in
      let x = b.input("x", .real())
      let plain = b.emit(.composite, [x], ["name": .text("f"), "body": .body(shared)])
      return b.emit(
        .composite, [plain], ["name": .text("g"), "body": .body(shared), "adjoint": .body(shared)])
    }
    #expect(left == ["input", "sine", "composite"])
    let kept = try operations(after: .inlineAfterDifferentiation { $0 == shared }) { b in
      b.emit(.composite, [b.input("x", .real())], ["name": .text("f"), "body": .body(shared)])
    }
    #expect(kept == ["input", "composite"])
  }
}
