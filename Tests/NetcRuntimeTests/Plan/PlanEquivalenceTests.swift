import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct PlanEquivalenceTests {
  static let tolerance: [Precision: Double] = [.single: 2e-5, .double: 1e-12]

  /// Operations without samples of their own or that no plan holds.
  static let planned = OperationCatalogue.operations.filter { !$0.samples.isEmpty }.map(\.name)

  @Test(arguments: planned, Precision.allCases)
  func everyOperationRunsAsItsReference(name: String, precision: Precision) throws {
    let op = OpID(name)
    for (place, sample) in op.operation.samples.enumerated() {
      let made = try SampleGraph(op, sample)
      var rig = PlanRig(made.graph, made.context)
      rig.precision = precision
      let outputs = try rig.outputs()
      let reference = rig.reference()
      for result in made.graph.results {
        let found = try #require(outputs[.output, result.name])
        #expect(
          agree(found, reference[result.value.index], Self.tolerance[precision] ?? 0),
          "\(name), sample \(place): \(found) is not \(reference[result.value.index])")
      }
    }
  }

  @Test(arguments: 0..<60)
  func randomGraphsRunAsTheReference(seed: Int) throws {
    let made = RandomGraph(seed: UInt64(seed), nodeCount: 40)
    let rig = PlanRig(made.graph, made.context)
    let outputs = try rig.outputs()
    let reference = rig.reference()
    for result in made.graph.results where result.role != .update {
      let found = try #require(outputs[result.role, result.name])
      let expected = reference[result.value.index]
      #expect(
        agree(found, expected, 1e-10), "seed \(seed), \(result.name): \(found) is not \(expected)")
    }
  }
}
