import CNetc
import NetcCore
import NetcGraph
import NetcRuntime
import NetcTransform
import Testing

@Suite struct FusionPlanTests {
  /// Adam's update with decay, as the standard library writes it: one instruction for a parameter.
  @Test(arguments: [false, true]) func adamIsOneInstruction(decays: Bool) throws {
    var b = GraphBuilder()
    let type = TensorType(.float, [30])
    let w = b.parameter("w", type)
    let g = b.parameter("g", type)
    let m = b.state("m", type)
    let v = b.state("v", type)
    let m1 = b.add(b.scaled(m, 0.9), b.scaled(g, 0.1))
    let v1 = b.add(b.scaled(v, 0.99), b.multiply(b.scaled(g, 0.01), g))
    let rate = b.divide(b.constant(0.5), b.shifted(b.convert(b.step(), to: .float), 1))
    let top = b.multiply(b.broadcastScalar(rate, to: type.shape), m1)
    var step = b.divide(top, b.shifted(b.sqrt(b.scaled(v1, 1.5)), 1e-8))
    if decays { step = b.add(step, b.scaled(w, 0.125)) }
    let results = [("w", b.subtract(w, step)), ("m", m1), ("v", v1)]
    b.graph.results = results.map { GraphResult(.update, $0.0, $0.1) }
    let layout = try PersistentLayout(of: [b.graph], precision: .double)
    let plans = PlanCache(graph: b.graph, layout: layout, options: PlanOptions(.training))
    let plan = try plans.plan(batch: 1)
    #expect(plan.sites.map(\.instruction) == ["adam", "next"])
    #expect(OverlapChecker.firstConflict(in: plan) == nil)
    var context = EvaluationContext()
    let executor = Executor(layout: layout)
    for (place, name) in ["w", "g", "m", "v"].enumerated() {
      let numbers = (0..<30).map { Double(($0 * 7 + place * 5) % 13) / 8 + (name == "g" ? -1 : 0) }
      let tensor = try #require(Tensor(shape: [30], .double(numbers)))
      context.parameters[name] = tensor
      context.states[name] = tensor
      try executor.load(name, tensor)
    }
    let reference = ReferenceInterpreter<Double>(context: context).evaluateAll(b.graph)
    let feed = try DataFeed(columns: [], rows: nil, batch: 1, examples: 1)
    #expect(try executor.runTraining(plans, feed: feed, steps: 1) == .endOfEpoch)
    for (name, value) in results {
      let found = try #require(executor.read(name))
      #expect(agree(found, reference[value.index].tensor, 1e-14), "\(name)")
    }
  }

  /// An activation's derivative is computed beside it and kept alone, in place of what it is made
  /// of; where that is needed later all the same, it is computed there.
  @Test(arguments: [true, false]) func derivativesAreComputedEarly(isAlone: Bool) throws {
    var b = GraphBuilder()
    var random = SeededGenerator(seed: 7)
    var context = EvaluationContext()
    func parameter(_ name: String, _ shape: [Int]) -> ValueID {
      context.addParameter(name, shape, to: &b, &random)
    }
    let (x, w, w2) = (
      parameter("x", [70, 9]), parameter("w", [9, 33]), parameter("w2", [33, 33])
    )
    let u = b.dot(x, w)
    let share = b.shifted(b.erf(u), 1)
    let later = b.dot(b.dot(b.multiply(u, share), w2), w2)
    let slope = b.add(share, b.multiply(u, b.exponential(b.multiply(b.negate(u), u))))
    b.graph.results = [GraphResult(.output, "d", b.multiply(later, slope))]
    if !isAlone { b.graph.results.append(GraphResult(.output, "u", u)) }
    for precision in Precision.allCases {
      var rig = PlanRig(b.graph, context)
      rig.precision = precision
      let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: precision))
      let names = plan.sites.map(\.instruction)
      #expect(names == ["gemm", "map", "gemm", "gemm", "map"])
      let places = [1, 4].map { map in
        plan.accesses.filter { $0.instruction == map }.map(\.isWrite)
      }
      #expect(places[0] == [true, true, false])
      #expect(places[1] == (isAlone ? [true, false, false] : [true, false, false, false]))
      #expect(OverlapChecker.firstConflict(in: plan) == nil)
      try rig.expectAgreement((2e-5, 1e-12))
    }
  }

  /// A row's mean and variance, and what is left of it: two sums, computed while reading, and one
  /// program; nothing of the input's size is stored but the result.
  @Test(arguments: [[6, 40], [3, 2, 700], [130, 10]], [true, false])
  func statisticsAreTakenWhileReading(shape: [Int], ofRows: Bool) throws {
    var b = GraphBuilder()
    let type = TensorType(.float, Shape(sizes: shape))
    let x = b.parameter("x", type)
    let axes = ofRows ? [shape.count - 1] : Array(0..<shape.count - 1)
    let count = Double(axes.reduce(1) { $0 * shape[$1] })
    func mean(_ value: ValueID) -> ValueID {
      let sum = b.scaled(b.reduceSum(value, axes: axes), 1 / count)
      return b.broadcastReduced(sum, to: type.shape, axes: axes)
    }
    let centred = b.subtract(x, mean(x))
    let spread = mean(b.multiply(centred, centred))
    let y = b.multiply(centred, b.rsqrt(b.shifted(spread, 0.1)))
    let squares = b.reduceSum(b.multiply(y, y))
    b.graph.results = [GraphResult(.output, "y", y), GraphResult(.output, "sum", squares)]
    var context = EvaluationContext()
    let size = shape.reduce(1, *)
    context.parameters["x"] = Tensor(
      shape: shape, .double((0..<size).map { Double(($0 * 37) % 101) / 20 - 2 }))
    for precision in Precision.allCases {
      var rig = PlanRig(b.graph, context)
      rig.precision = precision
      try rig.expectAgreement((2e-5, 1e-12))
      let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: precision))
      let large = plan.accesses.filter {
        $0.isWrite && $0.instruction >= 0 && $0.instruction < plan.code.count
          && $0.bytes.count >= size * (precision == .single ? 4 : 8)
      }
      #expect(large.count == 1)
    }
  }

  /// Elementwise parts are computed into all their places, each in one instruction.
  @Test(arguments: [0, 1]) func concatenationsAreComputedInPlace(axis: Int) throws {
    var b = GraphBuilder()
    let type = TensorType(.float, [3, 5])
    let x = b.parameter("x", type)
    let y = b.parameter("y", type)
    let parts = [b.tanh(x), b.multiply(x, y), b.exponential(y)]
    let first = b.concatenate(parts, axis: axis)
    let second = b.concatenate([parts[0], b.negate(y), parts[0]], axis: axis)
    b.graph.results = [
      GraphResult(.output, "first", first), GraphResult(.output, "second", second),
    ]
    var context = EvaluationContext()
    context.parameters["x"] = Tensor(shape: [3, 5], .double((0..<15).map { Double($0) / 8 - 1 }))
    context.parameters["y"] = Tensor(shape: [3, 5], .double((0..<15).map { 1 - Double($0) / 9 }))
    let rig = PlanRig(b.graph, context)
    let outputs = try rig.outputs()
    let reference = rig.reference()
    for result in b.graph.results {
      let found = try #require(outputs[.output, result.name])
      #expect(agree(found, reference[result.value.index], 1e-14), "\(result.name)")
    }
    let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: .double))
    #expect(!plan.sites.contains { $0.instruction == "copy" })
    #expect(plan.code.count { Int($0.op) == Int(NETC_MAP) } <= 2)
  }
}
