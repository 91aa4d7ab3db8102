import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct NormPlanTests {
  private static let type = TensorType(.float, [70, 2, 5])
  private static let vector = TensorType(.float, [5])

  /// What is in the graph beside the normalization of x and its adjoint.
  struct Setting: Sendable, CustomStringConvertible {
    var isCentred = true
    var scales = true
    /// Whether something else reads the rows before scale and bias.
    var reads = false
    /// Whether a tensor is added to the adjoint, and whether that comes late.
    var adds = true
    var addsLate = false
    var sums = true

    var description: String {
      "\(isCentred ? "" : "not ")centred\(scales ? " scaled" : "")\(reads ? " read" : "")"
        + "\(adds ? " added" : "")\(addsLate ? " late" : "")\(sums ? " summed" : "")"
    }
  }

  static let settings = [
    Setting(), Setting(isCentred: false), Setting(scales: false), Setting(reads: true),
    Setting(adds: false), Setting(addsLate: true), Setting(sums: false),
    Setting(isCentred: false, scales: false, adds: false, sums: false),
  ]

  private static func mean(_ b: inout GraphBuilder, _ value: ValueID) -> ValueID {
    let sum = b.reshape(b.reduceSum(value, axes: [2]), to: [70, 2, 1])
    let share = b.divide(sum, b.constant(5, [70, 2, 1]))
    return b.broadcast(share, to: [70, 2, 5], axes: [0, 1, 2])
  }

  private static func repeated(_ b: inout GraphBuilder, _ vector: ValueID) -> ValueID {
    b.broadcast(vector, to: [70, 2, 5], axes: [2])
  }

  private static func graph(_ setting: Setting) -> Graph {
    var b = GraphBuilder()
    let x = b.parameter("x", type)
    let d = b.parameter("d", type)
    let scale = repeated(&b, b.parameter("scale", vector))
    let bias = repeated(&b, b.parameter("bias", vector))
    let early = b.exponential(b.parameter("added", type))
    let centred = setting.isCentred ? b.subtract(x, mean(&b, x)) : x
    let square = b.reshape(b.reduceSum(b.multiply(centred, centred), axes: [2]), to: [70, 2, 1])
    let spread = b.shifted(b.divide(square, b.constant(5, [70, 2, 1])), 0.125)
    let rate = b.broadcast(b.rsqrt(spread), to: [70, 2, 5], axes: [0, 1, 2])
    let normal = b.multiply(centred, rate)
    let y = setting.scales ? b.add(b.multiply(normal, scale), bias) : normal
    var results = [("y", y)]
    if setting.reads { results.append(("read", b.tanh(normal))) }
    let g = setting.scales ? b.multiply(d, scale) : d
    if setting.sums {
      if setting.scales {
        results.append(("scale", b.reduceSum(b.multiply(d, normal), axes: [0, 1])))
      }
      results.append(("bias", b.reduceSum(d, axes: [0, 1])))
    }
    let tilt = b.multiply(normal, mean(&b, b.multiply(g, normal)))
    let rest = setting.isCentred ? b.subtract(g, mean(&b, g)) : g
    var dx = b.multiply(rate, b.subtract(rest, tilt))
    let late = setting.addsLate ? b.exponential(b.tanh(dx)) : early
    if setting.adds { dx = b.add(late, dx) }
    results.append(("dx", dx))
    if setting.sums { results.append(("sum", b.reduceSum(dx, axes: [0, 1]))) }
    b.graph.results = results.map { GraphResult(.output, $0.0, $0.1) }
    return b.graph
  }

  private static func context() -> EvaluationContext {
    var context = EvaluationContext()
    for (place, name) in ["x", "d", "added"].enumerated() {
      let numbers = (0..<700).map { Double(($0 * 37 + place * 11) % 101) / 20 - 2 }
      context.parameters[name] = Tensor(shape: [70, 2, 5], .double(numbers))
    }
    context.parameters["scale"] = Tensor(shape: [5], .double([1, -0.5, 2, 0.25, 1.5]))
    context.parameters["bias"] = Tensor(shape: [5], .double([0, 1, -1, 0.5, 2]))
    return context
  }

  /// Whatever surrounds them, a normalization and its adjoint are one instruction each, which read
  /// the rows once and write their sums too.
  @Test(arguments: settings) func eachHalfIsOneInstruction(setting: Setting) throws {
    let graph = Self.graph(setting)
    for precision in Precision.allCases {
      var rig = PlanRig(graph, Self.context())
      rig.precision = precision
      let plan = try rig.plan(.once, try PersistentLayout(of: [graph], precision: precision))
      let names = plan.sites.map(\.instruction)
      #expect(names.count { $0 == "norm" } == 1)
      #expect(names.count { $0 == "norm_adjoint" } == 1)
      let others = names.filter { !$0.hasPrefix("norm") }
      #expect(others.allSatisfy { $0 == "reduce" || $0 == "map" || $0 == "copy" }, "\(names)")
      #expect(OverlapChecker.firstConflict(in: plan) == nil)
      try rig.expectAgreement((3e-5, 1e-12))
    }
  }

  /// Where only the adjoint reads the rows, nothing is computed for them alone.
  @Test func rowsThatOnlyTheAdjointReadsAreNotStored() throws {
    var graph = Self.graph(Setting())
    graph.results.removeAll { $0.name == "y" }
    let rig = PlanRig(graph, Self.context())
    let plan = try rig.plan(.once, try PersistentLayout(of: [graph], precision: .double))
    let names = plan.sites.map(\.instruction).filter { $0.hasPrefix("norm") }
    #expect(names == ["norm_adjoint"])
    let outputs = try rig.outputs()
    let reference = rig.reference()
    for result in graph.results {
      let found = try #require(outputs[.output, result.name])
      #expect(agree(found, reference[result.value.index], 1e-12), "\(result.name)")
    }
  }

  /// A part that something else reads leaves the whole to the general instructions.
  @Test func partsThatAreReadAreStored() throws {
    var graph = Self.graph(Setting())
    let root = try #require(graph.nodeIDs.first { graph.op(of: $0) == .rsqrt })
    graph.results.append(GraphResult(.output, "rate", graph.result(of: root)))
    let rig = PlanRig(graph, Self.context())
    let plan = try rig.plan(.once, try PersistentLayout(of: [graph], precision: .double))
    #expect(!plan.sites.contains { $0.instruction.hasPrefix("norm") })
    let outputs = try rig.outputs()
    let reference = rig.reference()
    for result in graph.results {
      let found = try #require(outputs[.output, result.name])
      #expect(agree(found, reference[result.value.index], 1e-12), "\(result.name)")
    }
  }
}
