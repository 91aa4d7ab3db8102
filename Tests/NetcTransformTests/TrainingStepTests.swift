import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// The graphs that are planned: what they compute, which results they keep, what dumps see.
@Suite struct TrainingStepTests {
  private static let parameters: [String: Tensor] = {
    var numbers = SeededNumbers(5)
    var made: [String: Tensor] = [:]
    for layer in 0..<3 {
      made["layer_\(layer).weight"] = Tensor([8, 8], (0..<64).map { _ in numbers.real() })
      made["layer_\(layer).bias"] = Tensor([8], (0..<8).map { _ in numbers.real() })
    }
    return made
  }()

  private static let inputs: [String: Tensor] = {
    var numbers = SeededNumbers(6)
    return ["x": Tensor([4, 8], (0..<32).map { _ in numbers.real() })]
  }()

  private func figures(_ graph: Graph) -> [Tensor] {
    evaluate(graph, parameters: Self.parameters, inputs: Self.inputs, bindings: ["batch": 4])
  }

  @Test func theStepUpdatesAsThePlainGraphDoes() throws {
    let source = deepNetwork(layers: 3)
    let outcome = TrainingStep.training(source, verifies: true)
    #expect(outcome.problems.isEmpty)
    #expect(outcome.graph.results.map(\.role) == [.loss] + Array(repeating: .update, count: 6))
    var plain = expandGradients(source).graph
    plain.results = plain.results.filter { $0.role != .output }
    #expect(close(figures(outcome.graph), figures(plain), tolerance: 1e-12))
  }

  @Test func theStepHoldsNoPlaceholderAndNoIdentity() {
    let graph = TrainingStep.training(deepNetwork(layers: 3)).graph
    let left = Set(graph.nodeIDs.map { graph.op(of: $0) })
    for op in [OpID.grad, .identity, .transpose, .composite] { #expect(!left.contains(op)) }
  }

  @Test func evaluationHasNoDerivatives() {
    var source = deepNetwork(layers: 3)
    source.results = source.results.filter { $0.role != .update }
    let graph = TrainingStep.evaluation(source, verifies: true)
    #expect(graph.results.map(\.role) == [.loss, .output])
    let plain = Pass.eliminateDeadCode.apply(source)
    #expect(close(figures(graph), figures(plain), tolerance: 1e-12))
    #expect(!graph.nodeIDs.contains { graph.origin(of: $0).rule != nil })
  }

  @Test func dumpsSeeEachStageAndStopWhereTold() {
    var labels: [String] = []
    let outcome = TrainingStep.training(deepNetwork(layers: 1), until: "differentiate") {
      stage, graph in
      labels.append(stage.label)
      #expect(graph.nodeCount > 0)
    }
    #expect(labels.last == "differentiate")
    #expect(Set(labels).count == labels.count)
    #expect(!outcome.graph.nodeIDs.contains { outcome.graph.op(of: $0) == .grad })
  }
}
