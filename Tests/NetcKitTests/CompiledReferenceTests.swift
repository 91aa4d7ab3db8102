import NetcCore
import NetcGraph
import NetcKit
import Testing

/// The standard library against JAX in float64, through compiled plans in double.
@Suite struct CompiledReferenceTests {
  private let tolerance = 1e-6

  /// Outputs are computed in evaluation only.
  @Test(arguments: ReferenceCase.of(.gradient).filter { $0.mode != .training })
  func `values and derivatives agree`(reference: ReferenceCase) throws {
    let session = try session(reference)
    let results = try session.runOnce(
      session.compiled.evaluation, inputs: tensors(reference.inputs[0], session.compiled), batch: 1)
    let found = (results[.loss] ?? []) + (results[.output] ?? [])
    for (name, expected) in reference.expected[0].sorted(by: { $0.key < $1.key }) {
      let tensor = try #require(found.first { $0.name == name }, "no result \(name)").tensor
      expect(tensor, equals: expected, name, reference)
    }
  }

  @Test(arguments: ReferenceCase.of(.steps))
  func `parameters after each step agree`(reference: ReferenceCase) throws {
    let session = try session(reference)
    var graph = session.compiled.training
    graph.results = graph.results(.update).map { GraphResult(.output, $0.name, $0.value) }
    for (step, fed) in reference.inputs.enumerated() {
      session.step = step
      let results = try session.runOnce(
        graph, inputs: tensors(fed, session.compiled), batch: 1)
      for update in results[.output] ?? [] { try session.load(update.name, update.tensor) }
      for (name, expected) in reference.expected[step].sorted(by: { $0.key < $1.key }) {
        let found = try #require(session.read(name))
        expect(found, equals: expected, "\(name) after step \(step + 1)", reference)
      }
    }
  }

  /// A session in double with the case's parameters.
  private func session(_ reference: ReferenceCase) throws -> ModelSession {
    var options = CompilerOptions()
    options.precision = .double
    let compilation = Compiler(options: options).compile(reference.program)
    #expect(!compilation.hasErrors, "\(compilation.renderedDiagnostics())")
    var run = RunOptions()
    run.threads = 1
    let session = try ModelSession(try compilation.get(), options: run)
    try session.initialize(seed: 0)
    for (name, numbers) in reference.parameters {
      try session.load(name, try #require(numbers.tensor))
    }
    return session
  }

  private func tensors(
    _ numbers: [String: ReferenceCase.Numbers], _ model: CompiledModel
  ) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (name, value) in numbers {
      let input = try #require(model.inputs.first { $0.name == name }, "no input \(name)")
      tensors[name] = input.type.element == .int ? value.labels : value.tensor
    }
    return tensors
  }

  private func expect(
    _ found: Tensor, equals expected: ReferenceCase.Numbers, _ what: String,
    _ reference: ReferenceCase
  ) {
    #expect(found.shape == expected.shape, "\(reference.name): shape of \(what)")
    for (place, pair) in zip(found.doubles, expected.data).enumerated() {
      let limit = tolerance * abs(pair.1) + (reference.absolute ?? 0)
      if pair.0 == pair.1 || abs(pair.0 - pair.1) <= limit { continue }
      Issue.record("\(reference.name): \(what)[\(place)] is \(pair.0), JAX has \(pair.1)")
    }
  }
}
