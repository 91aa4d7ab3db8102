import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct CrossEntropyPlanTests {
  static let logits = TensorType(.float, [4, 3])
  static let labels = TensorType(.int, [4])
  static let rows = TensorType(.float, [4])

  /// A way of writing the target's distribution: 0 and 1, or smoothed.
  enum Target: CaseIterable {
    case plain, smoothed

    func call(_ b: inout GraphBuilder, _ hot: ValueID) -> ValueID {
      self == .plain ? hot : b.shifted(b.scaled(hot, 0.9), 0.1 / 3)
    }
  }

  private static func hot(_ b: inout GraphBuilder, _ labels: ValueID) -> ValueID {
    let shape: Shape = [4, 3]
    let position = b.iota(shape, axis: 1)
    return b.compare(.eq, b.broadcast(labels, to: shape, axes: [0]), position)
  }

  /// x less its row's maximum, and the row's sum of exponentials.
  private static func parts(_ b: inout GraphBuilder, _ x: ValueID) -> (ValueID, ValueID, ValueID) {
    func kept(_ value: ValueID) -> ValueID {
      b.broadcast(b.reshape(value, to: [4, 1]), to: [4, 3], axes: [0, 1])
    }
    let z = b.subtract(x, kept(b.reduceMax(x, axes: [1])))
    let e = b.exponential(z)
    return (z, e, kept(b.reduceSum(e, axes: [1])))
  }

  static func loss(_ target: Target) -> GraphBody {
    var b = GraphBuilder()
    let x = b.argument(0, logits)
    let hot = hot(&b, b.argument(1, labels))
    let (z, e, _) = parts(&b, x)
    let sum = b.log(b.reshape(b.reduceSum(e, axes: [1]), to: [4, 1]))
    let logarithms = b.subtract(z, b.broadcast(sum, to: [4, 3], axes: [0, 1]))
    let terms =
      target == .plain
      ? b.select(hot, logarithms, b.zeros([4, 3]))
      : b.multiply(target.call(&b, b.convert(hot, to: .float)), logarithms)
    b.graph.results = [GraphResult(.result, "0", b.negate(b.reduceSum(terms, axes: [1])))]
    return GraphBody(b.graph)
  }

  static func adjoint(_ target: Target) -> GraphBody {
    var b = GraphBuilder()
    let x = b.argument(0, logits)
    let hot = b.convert(hot(&b, b.argument(1, labels)), to: .float)
    let d = b.reshape(b.argument(3, rows), to: [4, 1])
    let (_, e, sum) = parts(&b, x)
    let difference = b.subtract(b.divide(e, sum), target.call(&b, hot))
    let result = b.multiply(b.broadcast(d, to: [4, 3], axes: [0, 1]), difference)
    b.graph.results = [GraphResult(.result, "0", result)]
    return GraphBody(b.graph)
  }

  private static func call(
    _ b: inout GraphBuilder, _ body: GraphBody, _ operands: [ValueID]
  ) -> ValueID {
    b.emitAll(.composite, operands, ["name": .text("any"), "body": .body(body)])[0]
  }

  /// With one factor for all rows loss and adjoint are one instruction, else two.
  @Test(arguments: Target.allCases, [false, true])
  func lossAndAdjointAreOneInstruction(target: Target, weighs: Bool) throws {
    var b = GraphBuilder()
    let x = b.parameter("x", Self.logits)
    let y = b.input("y", Self.labels)
    let d = weighs ? b.parameter("d", Self.rows) : b.constant(0.25, [4])
    let loss = Self.call(&b, Self.loss(target), [x, y])
    let adjoint = Self.call(&b, Self.adjoint(target), [x, y, loss, d])
    b.graph.results = [
      GraphResult(.output, "loss", loss), GraphResult(.output, "adjoint", adjoint),
    ]
    var context = EvaluationContext()
    let numbers = (0..<12).map { Double(($0 * 7) % 11) / 4 - 1 }
    context.parameters["x"] = Tensor(shape: [4, 3], .double(numbers))
    context.parameters["d"] = Tensor(shape: [4], .double([0.5, -1, 0, 2]))
    context.inputs["y"] = Tensor(shape: [4], .int([2, 0, -1, 1]))
    for precision in Precision.allCases {
      var rig = PlanRig(b.graph, context)
      rig.precision = precision
      let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: precision))
      let names = Array(repeating: "cross_entropy", count: weighs ? 2 : 1)
      #expect(plan.sites.map(\.instruction) == names)
      try rig.expectAgreement((1e-6, 1e-14))
    }
  }
}
