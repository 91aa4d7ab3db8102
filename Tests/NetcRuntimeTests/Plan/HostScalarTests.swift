import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct HostScalarTests {
  static let hostable = OperationCatalogue.operations.filter(\.isHostable).map(\.name)

  /// Scalars of the step: real numbers of both signs, integers, truth values.
  static func operands(_ b: inout GraphBuilder) -> [ElementType: [ValueID]] {
    let step = b.step()
    let real = b.convert(step, to: .float)
    return [
      .float: [b.shifted(b.scaled(real, 0.37), -1.2), b.shifted(b.scaled(real, -0.21), 0.9)],
      .int: [b.subtract(step, b.constant(3, element: .int)), b.constant(2, element: .int)],
      .bool: [
        b.compare(.gt, step, b.constant(4, element: .int)),
        b.compare(.lt, step, b.constant(2, element: .int)),
      ],
    ]
  }

  static let attributes: [Attributes] =
    [.none] + ElementType.allCases.map { ["element": .element($0)] }
    + ComparisonDirection.allCases.map { ["direction": .text($0.rawValue)] }
    + [["expression": .dim(Dim(symbol: "n"))]]

  /// Every call of an operation on these scalars that its type rule takes.
  static func calls(_ name: String, _ b: inout GraphBuilder) -> [ValueID] {
    let operands = operands(&b)
    let lists: [[ValueID]] =
      [[]]
      + ElementType.allCases.flatMap { type -> [[ValueID]] in
        let pair = operands[type] ?? []
        let condition = operands[.bool] ?? []
        return [[pair[0]], pair, [condition[0]] + pair]
      }
    var results: [ValueID] = []
    for list in lists {
      for attributes in attributes {
        let made = try? b.graph.append(OpID(name), list, attributes, origin: .unknown)
        results += made ?? []
      }
    }
    return results
  }

  @Test(arguments: hostable, [0, 1, 2, 5, 40])
  func bytecodeComputesTheReference(name: String, step: Int) throws {
    if name == "constant" { return }
    var b = GraphBuilder()
    let calls = Self.calls(name, &b)
    #expect(!calls.isEmpty)
    for (place, value) in calls.enumerated() {
      b.graph.results.append(GraphResult(.output, "y\(place)", value))
    }
    let rig = PlanRig(b.graph, EvaluationContext(bindings: ["n": 6], step: step))
    let outputs = try rig.outputs()
    let reference = rig.reference()
    for result in b.graph.results {
      let found = try #require(outputs[.output, result.name])
      let expected = reference[result.value.index]
      #expect(agree(found, expected, 0), "\(result.name): \(found) is not \(expected)")
    }
  }
}
