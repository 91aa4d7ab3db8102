import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct CausalSoftmaxTests {
  /// softmax(where(past, fit, hidden)) and its adjoint, masked as well: two instructions, which
  /// pass over what a row does not see. Another mask, or a number that may matter, stays.
  @Test(arguments: [(axis: 1, hidden: -1e30), (axis: 0, hidden: -1e30), (axis: 1, hidden: -1)])
  func rowsThatSeeTheirPastNeedNoMask(axis: Int, hidden: Double) throws {
    var b = GraphBuilder()
    let type = TensorType(.float, [3, 3])
    let fit = b.parameter("fit", type)
    let d = b.parameter("d", type)
    let past = b.compare(.le, b.iota([3, 3], axis: axis), b.iota([3, 3], axis: 1 - axis))
    let ordered = b.select(past, fit, b.constant(hidden, [3, 3]))
    let soft = call(&b, .softmax, [ordered, fit, d])
    let adjoint = call(&b, .softmaxAdjoint, [ordered, soft, d])
    let masked = b.select(past, adjoint, b.zeros([3, 3]))
    b.graph.results = [GraphResult(.output, "y", soft), GraphResult(.output, "dx", masked)]
    var context = EvaluationContext()
    context.parameters["fit"] = Tensor(
      shape: [3, 3], .double([0.5, 9, -2, 1, 0.25, 7, -1, 2, 0.125]))
    context.parameters["d"] = Tensor(shape: [3, 3], .double((0..<9).map { Double($0) / 4 - 1 }))
    for precision in Precision.allCases {
      var rig = PlanRig(b.graph, context)
      rig.precision = precision
      try rig.expectAgreement((1e-6, 1e-14))
      let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: precision))
      let isPast = axis == 1 && hidden < -1
      #expect((plan.sites.map(\.instruction) == ["softmax", "softmax_adjoint"]) == isPast)
    }
  }

  private func call(
    _ b: inout GraphBuilder, _ function: CompositeClaimsTests.Function, _ operands: [ValueID]
  ) -> ValueID {
    b.emitAll(.composite, operands, ["name": .text("any"), "body": .body(function.body())])[0]
  }
}
