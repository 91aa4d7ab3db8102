import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct CompositeClaimsTests {
  /// The functions as the standard library writes them, with the last axis kept; on [3, 3] so
  /// that mistaken axes fit.
  enum Function: String, CaseIterable {
    case softmax, logSoftmax, softmaxAdjoint, logSoftmaxAdjoint

    func body(reduced: Int = 1, repeatedAs: Int = 0) -> GraphBody {
      var b = GraphBuilder()
      let type = TensorType(.float, [3, 3])
      let x = b.argument(0, type)
      let y = b.argument(1, type)
      let d = b.argument(2, type)
      func kept(_ value: ValueID) -> ValueID {
        let column = b.reshape(value, to: repeatedAs == 0 ? [3, 1] : [1, 3])
        return b.broadcast(column, to: [3, 3], axes: [0, 1])
      }
      let most = kept(b.stopGradient(b.reduceMax(x, axes: [reduced])))
      let z = b.subtract(x, most)
      let result: ValueID
      switch self {
      case .softmax:
        let e = b.exponential(z)
        result = b.divide(e, kept(b.reduceSum(e, axes: [reduced])))
      case .logSoftmax:
        let sum = b.reshape(b.reduceSum(b.exponential(z), axes: [reduced]), to: [3, 1])
        result = b.subtract(z, b.broadcast(b.log(sum), to: [3, 3], axes: [0, 1]))
      case .softmaxAdjoint:
        result = b.multiply(
          y, b.subtract(d, kept(b.reduceSum(b.multiply(d, y), axes: [reduced]))))
      case .logSoftmaxAdjoint:
        result = b.subtract(
          d, b.multiply(b.exponential(y), kept(b.reduceSum(d, axes: [reduced]))))
      }
      b.graph.results = [GraphResult(.result, "0", result)]
      return GraphBody(b.graph)
    }
  }

  @Test(arguments: Function.allCases, Precision.allCases)
  func knownFunctionsAreOneInstruction(function: Function, precision: Precision) throws {
    #expect(CompositeClaims.claims(function.body()))
    var b = GraphBuilder()
    let type = TensorType(.float, [3, 3])
    let operands = ["x", "y", "d"].map { b.parameter($0, type) }
    let call = b.emitAll(
      .composite, operands, ["name": .text("any"), "body": .body(function.body())])
    b.graph.results = [GraphResult(.output, "out", call[0])]
    var context = EvaluationContext()
    for (place, name) in ["x", "y", "d"].enumerated() {
      let values = (0..<9).map { Double(($0 * 7 + place) % 11) / 4 - 1 }
      context.parameters[name] = Tensor(shape: [3, 3], .double(values))
    }
    var rig = PlanRig(b.graph, context)
    rig.precision = precision
    let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: precision))
    #expect(plan.code.count == 2)
    let found = try #require(try rig.outputs()[.output, "out"])
    let tolerance = precision == .single ? 1e-6 : 1e-14
    #expect(agree(found, rig.reference()[call[0].index], tolerance))
  }

  @Test(arguments: Function.allCases)
  func otherAxesAreNotClaimed(function: Function) {
    #expect(!CompositeClaims.claims(function.body(reduced: 0)))
    if function != .logSoftmax { #expect(!CompositeClaims.claims(function.body(repeatedAs: 1))) }
  }
}
