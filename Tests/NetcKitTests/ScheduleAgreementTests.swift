import NetcCore
import NetcGraph
import NetcKit
import Testing

/// Compiled plans of optimised graphs against the graphs as derived, evaluated node by node.
@Suite struct ScheduleAgreementTests {
  /// Every example and every program of the designs; in code that is not optimised the examples
  /// that are short.
  static let programs: [ShippedProgram] = {
    #if DEBUG
      let long = ["vae.net", "digits.net"]
      return ShippedProgram.trained.filter { !long.contains($0.name) }
    #else
      return ShippedProgram.examples + ShippedProgram.designs.filter { $0.name != "W9.net" }
    #endif
  }()

  /// Updates are compared in double alone: Adam's first step divides a gradient by its own size,
  /// rounding included.
  @Test(arguments: programs, Precision.allCases)
  func `a step and an evaluation agree`(program: ShippedProgram, precision: Precision) throws {
    let model = try program.compiled(isShort: true, precision: precision)
    let run = try OneStep(model)
    let roles: [GraphResult.Role] = precision == .double ? [.loss, .update] : [.loss]
    let tolerance = precision == .double ? 1e-9 : 1e-4
    try run.expectAgreement(model.training, model.derived, roles, tolerance)
    try run.expectAgreement(
      model.evaluation, model.derivedEvaluation, [.loss, .output], tolerance)
  }
}

/// A model with first values and inputs drawn at random, in a plan and in an interpreter.
private struct OneStep {
  private static let batch = 4
  private static let seed: UInt64 = 5
  private let model: CompiledModel
  private let session: ModelSession
  private var context: EvaluationContext

  init(_ model: CompiledModel) throws {
    self.model = model
    let sizes = Dictionary(uniqueKeysWithValues: model.openSymbols.map { ($0, Self.batch) })
    var options = RunOptions.alone
    options.dimensions = sizes
    session = try ModelSession(model, options: options)
    try session.initialize(seed: Self.seed)
    session.step = 3
    context = EvaluationContext(bindings: sizes, seed: Self.seed)
    context.step = 3
    for (name, tensor) in model.initialTensors(seed: Self.seed) {
      context.parameters[name] = tensor
      context.states[name] = tensor
    }
    for input in model.inputs {
      let shape = try #require(input.type.shape.sizes(sizes))
      context.inputs[input.name] = try Self.drawn(shape, input)
    }
  }

  private static func drawn(_ shape: [Int], _ input: TensorDescription) throws -> Tensor {
    let draws = Philox(seed: seed, site: "test/\(input.name)")
      .uniforms(count: shape.reduce(1, *), step: 0, offset: 0)
    let storage: Tensor.Storage =
      switch input.type.element {
      case .float: .float(draws.map { Float($0) * 2 - 1 })
      case .int: .int(draws.map { Int32($0 * 2) })
      case .bool: .bool(draws.map { $0 < 0.5 })
      }
    return try #require(Tensor(shape: shape, storage))
  }

  /// Each result of the plan lies within `tolerance` times the largest number of its tensor.
  func expectAgreement(
    _ planned: Graph, _ derived: Graph, _ roles: [GraphResult.Role], _ tolerance: Double
  ) throws {
    var graph = planned
    graph.results = graph.results.filter { roles.contains($0.role) }
      .map { GraphResult(.output, "\($0.role) \($0.name)", $0.value) }
    let found = try session.runOnce(graph, inputs: context.inputs, batch: Self.batch)[.output] ?? []
    let plain = derived.inliningComposites { _ in true }
    let numbers = evaluated(plain)
    var compared = 0
    for result in plain.results where roles.contains(result.role) {
      let name = "\(result.role) \(result.name)"
      guard let tensor = found.first(where: { $0.name == name })?.tensor else { continue }
      let expected = numbers(result.value)
      #expect(tensor.shape == expected.shape, "\(name)")
      let scale = expected.doubles.reduce(1) { max($0, abs($1)) }
      let worst = zip(tensor.doubles, expected.doubles).reduce(0.0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= tolerance * scale, "\(name) is off by \(worst) of \(scale)")
      compared += 1
    }
    #expect(compared == found.count && compared > 0)
  }

  private func evaluated(_ graph: Graph) -> (ValueID) -> Tensor {
    switch model.options.precision {
    case .single:
      let values = ReferenceInterpreter<Float>(context: context).evaluateAll(graph)
      return { values[$0.index].tensor }
    case .double:
      let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
      return { values[$0.index].tensor }
    }
  }
}
