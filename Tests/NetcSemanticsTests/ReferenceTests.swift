import NetcCore
import NetcGraph
import NetcSemantics
import NetcSyntax
import NetcTransform
import Testing

/// The standard library against JAX in float64, through the reference interpreter in double.
@Suite struct ReferenceTests {
  /// The relative difference that the reference and netc may have.
  private let tolerance = 1e-6

  @Test func `the reference files are there`() {
    #expect(ReferenceCase.all.count >= 650)
  }

  @Test(arguments: ReferenceCase.of(.gradient))
  func `values and derivatives agree`(reference: ReferenceCase) throws {
    let model = try model(of: reference)
    let lowered = reference.mode == .evaluation ? model.evaluation : model.training
    let graph = expandGradients(lowered).graph
    let context = try context(model, reference, inputs: reference.inputs[0])
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
    for (name, expected) in reference.expected[0].sorted(by: { $0.key < $1.key }) {
      let result = try #require(
        graph.results.first { ($0.role == .loss || $0.role == .output) && $0.name == name },
        "no result \(name)")
      expect(values[result.value.index].tensor, equals: expected, name, reference)
    }
  }

  @Test(arguments: ReferenceCase.of(.steps))
  func `parameters after each step agree`(reference: ReferenceCase) throws {
    let model = try model(of: reference)
    let graph = expandGradients(model.training).graph
    var context = try context(model, reference, inputs: [:])
    for (step, fed) in reference.inputs.enumerated() {
      context.step = step
      context.inputs = try tensors(fed, model)
      let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
      for update in graph.results(.update) {
        let tensor = values[update.value.index].tensor
        if model.parameters.contains(where: { $0.name == update.name }) {
          context.parameters[update.name] = tensor
        } else {
          context.states[update.name] = tensor
        }
      }
      for (name, expected) in reference.expected[step].sorted(by: { $0.key < $1.key }) {
        let found = try #require(context.parameters[name] ?? context.states[name])
        expect(found, equals: expected, "\(name) after step \(step + 1)", reference)
      }
    }
  }

  @Test(arguments: ReferenceCase.of(.metric))
  func `metrics over a pass agree`(reference: ReferenceCase) throws {
    let model = try model(of: reference)
    let metric = try #require(model.metrics.first { $0.name == "m" })
    var context = try context(model, reference, inputs: [:])
    var sums: [String: [Double]] = [:]
    var shapes: [String: [Int]] = [:]
    var examples = 0.0
    for fed in reference.inputs {
      context.inputs = try tensors(fed, model)
      let rows = try #require(context.inputs["x"]?.shape.first)
      context.bindings["batch"] = rows
      let values = ReferenceInterpreter<Double>(context: context).evaluateAll(model.evaluation)
      examples += Double(rows)
      for result in model.evaluation.results(.metric) {
        let value = values[result.value.index].tensor
        var weight = 1.0
        if case .mean = metric.combination { weight = Double(rows) }
        shapes[result.name] = value.shape
        let before = sums[result.name] ?? value.doubles.map { _ in 0 }
        sums[result.name] = zip(before, value.doubles).map { $0 + weight * $1 }
      }
    }
    var totals: [String: Tensor] = [:]
    for (name, sum) in sums { totals[name] = Tensor(shape: shapes[name] ?? [], .double(sum)) }
    let figure = try figure(metric, totals, examples: examples, context)
    expect(figure, equals: reference.expected[0]["m"], "m", reference)
  }

  /// The metric's figure from what its pass summed.
  private func figure(
    _ metric: ModelMetric, _ totals: [String: Tensor], examples: Double,
    _ context: EvaluationContext
  ) throws -> Tensor {
    switch metric.combination {
    case .mean: return Tensor(scalar: try #require(totals["m"]).doubles[0] / examples)
    case .total(let accumulated, let finish):
      let arguments = try accumulated.map { name in
        ReferenceTensor<Double>(try #require(totals[name], "nothing summed \(name)"))
      }
      let results = ReferenceInterpreter<Double>(context: context)
        .evaluate(finish, arguments: arguments)
      return results[0].tensor
    }
  }

  /// The program analysed, which must have no errors.
  private func model(of reference: ReferenceCase) throws -> Model {
    var sources = SourceMap()
    let file = sources.add(name: "reference.net", text: reference.program)
    let parsed = parse(file, in: sources)
    let analyzed = analyze(
      parsed.unit, sources: &sources, options: AnalysisOptions())
    let errors = (parsed.diagnostics + analyzed.diagnostics).filter { $0.severity == .error }
    let renderer = DiagnosticRenderer(sources: sources, color: false)
    return try #require(
      errors.isEmpty ? analyzed.model : nil,
      "\(errors.map { renderer.render($0) }.joined(separator: "\n"))\n\(reference.program)")
  }

  /// The first values of the states, the case's parameters and inputs.
  private func context(
    _ model: Model, _ reference: ReferenceCase, inputs: [String: ReferenceCase.Numbers]
  ) throws -> EvaluationContext {
    var context = EvaluationContext(inputs: try tensors(inputs, model))
    let initial = ReferenceInterpreter<Double>(context: context).evaluateAll(model.initial)
    for result in model.initial.results(.initial) {
      let tensor = initial[result.value.index].tensor
      if model.states.contains(where: { $0.name == result.name }) {
        context.states[result.name] = tensor
      } else {
        context.parameters[result.name] = tensor
      }
    }
    for (name, numbers) in reference.parameters {
      if context.states[name] != nil {
        context.states[name] = numbers.tensor
      } else {
        context.parameters[name] = numbers.tensor
      }
    }
    return context
  }

  private func tensors(
    _ numbers: [String: ReferenceCase.Numbers], _ model: Model
  ) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (name, value) in numbers {
      let input = try #require(model.inputs.first { $0.name == name }, "no input \(name)")
      tensors[name] = input.type.element == .int ? value.labels : value.tensor
    }
    return tensors
  }

  private func expect(
    _ found: Tensor, equals expected: ReferenceCase.Numbers?, _ what: String,
    _ reference: ReferenceCase
  ) {
    guard let expected else {
      Issue.record("\(reference.name): nothing expected of \(what)")
      return
    }
    #expect(found.shape == expected.shape, "\(reference.name): shape of \(what)")
    for (place, pair) in zip(found.doubles, expected.data).enumerated() {
      let limit = tolerance * abs(pair.1) + (reference.absolute ?? 0)
      if pair.0 == pair.1 || abs(pair.0 - pair.1) <= limit { continue }
      Issue.record("\(reference.name): \(what)[\(place)] is \(pair.0), JAX has \(pair.1)")
    }
  }
}
