import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// What products do to their results in place of a program that alone reads them.
@Suite struct ProductEpilogueTests {
  /// What reads a product u of x [m, k] and w [k, n]: results, and the instructions they take.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let names: [String]
    let build: @Sendable (inout GraphBuilder, ValueID, ValueID) -> [ValueID]
  }

  static let cases = [
    Case(testDescription: "tanh", names: ["gemm"]) { b, u, _ in [b.tanh(u)] },
    Case(testDescription: "a rectifier", names: ["gemm"]) { b, u, _ in
      let zeros = b.zeros(b.shape(of: u))
      return [b.select(b.compare(.le, u, zeros), zeros, u)]
    },
    Case(testDescription: "logistic", names: ["gemm"]) { b, u, _ in [b.logistic(u)] },
    Case(testDescription: "a gate", names: ["gemm"]) { b, u, h in
      let zeros = b.zeros(b.shape(of: u))
      return [b.select(b.compare(.le, h, zeros), zeros, u)]
    },
    Case(testDescription: "the adjoint of tanh", names: ["gemm"]) { b, u, h in
      [b.multiply(u, b.subtract(b.ones(b.shape(of: h)), b.multiply(h, h)))]
    },
    Case(testDescription: "gelu", names: ["gemm"]) { b, u, _ in
      [b.multiply(b.scaled(u, 0.5), twiceNormal(&b, u))]
    },
    Case(testDescription: "gelu with factors exchanged", names: ["gemm"]) { b, u, _ in
      let sum = b.add(b.ones(b.shape(of: u)), b.erf(b.scaled(u, 0.5.squareRoot())))
      return [b.multiply(sum, b.scaled(u, 0.5))]
    },
    Case(testDescription: "gelu rounded otherwise", names: ["gemm", "map"]) { b, u, _ in
      [b.multiply(u, b.scaled(twiceNormal(&b, u), 0.5))]
    },
    Case(testDescription: "gelu and its derivative", names: ["gemm"]) { b, u, _ in
      let twice = twiceNormal(&b, u)
      let bell = b.exponential(b.multiply(b.scaled(u, -0.5), u))
      let root = b.constant((2 * Double.pi).squareRoot(), b.shape(of: u))
      let density = b.multiply(u, b.divide(bell, root))
      return [b.multiply(b.scaled(u, 0.5), twice), b.add(b.scaled(twice, 0.5), density)]
    },
    Case(testDescription: "a derivative before its activation", names: ["gemm"]) { b, u, _ in
      let share = b.logistic(u)
      let rest = b.subtract(b.ones(b.shape(of: u)), share)
      let slope = b.add(share, b.multiply(b.multiply(u, share), rest))
      return [slope, b.multiply(u, share)]
    },
    Case(testDescription: "another activation", names: ["gemm", "map"]) { b, u, _ in
      [b.multiply(u, b.erf(u))]
    },
    Case(testDescription: "a product that is wanted", names: ["gemm", "map"]) { b, u, _ in
      [b.tanh(u), u]
    },
    Case(testDescription: "another program", names: ["gemm", "map"]) { b, u, h in
      [b.multiply(b.tanh(u), h)]
    },
  ]

  /// Twice the normal distribution function.
  static func twiceNormal(_ b: inout GraphBuilder, _ x: ValueID) -> ValueID {
    b.add(b.erf(b.scaled(x, 0.5.squareRoot())), b.ones(b.shape(of: x)))
  }

  @Test(arguments: cases, [[5, 6, 7], [150, 40, 33], [130, 65, 330]])
  func productsRunWhatReadsThem(of example: Case, shape: [Int]) throws {
    let (m, n, k) = (shape[0], shape[1], shape[2])
    var b = GraphBuilder()
    var random = SeededGenerator(seed: 5)
    var context = EvaluationContext()
    func parameter(_ name: String, _ shape: [Int]) -> ValueID {
      context.addParameter(name, shape, to: &b, &random)
    }
    let (x, w, h) = (parameter("x", [m, k]), parameter("w", [k, n]), parameter("h", [m, n]))
    let bias = parameter("b", [n])
    let u = b.add(b.dot(x, w), b.broadcast(bias, to: Shape(sizes: [m, n]), axes: [1]))
    let results = example.build(&b, u, h)
    b.graph.results = results.enumerated().map { GraphResult(.output, "y\($0)", $1) }
    for precision in Precision.allCases {
      var rig = PlanRig(b.graph, context)
      rig.precision = precision
      let plan = try rig.plan(.once, try PersistentLayout(of: [b.graph], precision: precision))
      #expect(OverlapChecker.firstConflict(in: plan) == nil)
      #expect(plan.sites.map(\.instruction).filter { $0 != "end" } == example.names)
      let outputs = try rig.outputs()
      let reference = rig.reference()
      rig.threads = 2
      let shared = try rig.outputs()
      for result in b.graph.results {
        let found = try #require(outputs[.output, result.name])
        let tolerance = precision == .single ? 2e-5 : 1e-12
        #expect(agree(found, reference[result.value.index], tolerance), "\(result.name)")
        #expect(found == shared[.output, result.name])
      }
    }
  }
}
