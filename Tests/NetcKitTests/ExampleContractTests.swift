import Foundation
import NetcCore
import NetcEmit
import NetcGraph
import NetcKit
import NetcSemantics
import Testing

/// What holds for every program under `examples`.
@Suite struct ExampleContractTests {
  /// Epochs trained: few where kernels are not optimised.
  private static let epochs = 2

  /// Trains for a short while and saves; returns the reports of the epochs and the file's bytes.
  private func run(
    _ model: CompiledModel, _ program: ShippedProgram, threads: Int
  ) throws -> (curve: [[Figure]], bytes: Data) {
    var options = RunOptions()
    options.threads = threads
    options.steps = program.shortSteps
    options.epochs = options.steps == nil ? Self.epochs : nil
    var curve: [[Figure]] = []
    let trained = try Trainer(model, options: options).train { event in
      if case .epoch(let report) = event { curve.append(report.train + report.validation) }
    }
    let folder = try TemporaryFolder()
    try trained.saved.write(to: folder.file("saved"))
    #expect(!curve.isEmpty)
    return (curve, try #require(folder.bytes("saved")))
  }

  @Test(arguments: ShippedProgram.trained)
  func `runs repeat bit for bit on any number of threads`(program: ShippedProgram) throws {
    let model = try program.compiled(isShort: true)
    let first = try run(model, program, threads: 1)
    let second = try run(model, program, threads: 2)
    #expect(first.curve.joined().map(\.values) == second.curve.joined().map(\.values))
    #expect(first.bytes == second.bytes)
  }

  @Test(arguments: ShippedProgram.trained)
  func `derived gradients agree with central differences`(program: ShippedProgram) throws {
    let model = try program.compiled(isShort: true, precision: .double)
    let rows = try model.checkGradients(options: .alone)
    #expect(rows.count == model.parameters.count)
    for row in rows {
      #expect(
        row.passes, "\(row.parameter): \(row.difference) of \(row.scale), \(row.skipped) skipped")
      #expect(row.compared > 0)
    }
  }

  /// The printed program computes the same numbers: bit for bit node by node, and the same curve
  /// but for rounding when trained, in double precision: in single one rounding may move a maximum
  /// or a kink, and the curve with it.
  @Test(arguments: ShippedProgram.trained)
  func `the derived program printed is the same program`(program: ShippedProgram) throws {
    var request = GradientDump()
    request.format = .net
    let model = try program.compiled(isShort: true, precision: .double)
    let text = try model.gradientText(request)
    var options = CompilerOptions()
    options.precision = .double
    let compilation = Compiler(options: options).compile(
      text, name: "derived/\(program.name)", directory: program.directory)
    #expect(!compilation.hasErrors, "\(compilation.renderedDiagnostics())")
    let printed = try compilation.get()

    for seed in [1, 2] as [UInt64] {
      let expected = ReferenceStep(model, seed: seed)
      let found = ReferenceStep(printed, seed: seed)
      #expect(found.initial == expected.initial)
      #expect(found.training == expected.training)
      #expect(found.evaluation == expected.evaluation)
    }
    let original = try run(model, program, threads: 1)
    let derived = try run(printed, program, threads: 1)
    #expect(original.curve.count == derived.curve.count)
    for (a, b) in zip(original.curve.joined(), derived.curve.joined()) {
      #expect(a.name == b.name)
      // Functions with kernels of their own round otherwise than their text.
      for (one, other) in zip(a.values, b.values) {
        #expect(abs(one - other) <= 1e-9 * max(1, abs(one)), "\(a) \(b)")
      }
    }
  }
}

/// One training step and one evaluation, node by node, from the seed's first values and inputs
/// drawn at random.
private struct ReferenceStep {
  /// A result with its bits; NaNs are one.
  struct Numbers: Hashable {
    let name: String
    let bits: [UInt64]
  }

  let initial: [Numbers]
  let training: [Numbers]
  let evaluation: [Numbers]

  init(_ model: CompiledModel, seed: UInt64) {
    let sizes = Dictionary(uniqueKeysWithValues: model.openSymbols.map { ($0, 4) })
    // Statistics of inputs are no states of a printed program.
    let values = model.initialTensors(seed: seed).sorted { $0.name < $1.name }
    var context = EvaluationContext(bindings: sizes, seed: seed)
    context.step = 3
    for (name, tensor) in values {
      context.parameters[name] = tensor
      context.states[name] = tensor
    }
    for input in model.inputs {
      let shape = input.type.shape.sizes(sizes) ?? []
      context.inputs[input.name] = Self.random(shape, input.type.element, "\(input.name)", seed)
    }
    // Parameters and states are leaves of the step; statistics of inputs stay as they start.
    initial = values.map { Self.numbers($0.name, $0.tensor) }
    training = Self.results(model.derived, context, [.loss, .update])
    evaluation = Self.results(model.derivedEvaluation, context, [.loss, .output])
  }

  private static func results(
    _ graph: Graph, _ context: EvaluationContext, _ roles: [GraphResult.Role]
  ) -> [Numbers] {
    let plain = graph.inliningComposites { _ in true }
    let values = ReferenceInterpreter<Float>(context: context).evaluateAll(plain)
    return plain.results.filter { roles.contains($0.role) }
      .map { numbers("\($0.role) \($0.name)", values[$0.value.index].tensor) }
      .sorted { $0.name < $1.name }
  }

  private static func numbers(_ name: String, _ tensor: Tensor) -> Numbers {
    Numbers(
      name: name, bits: tensor.doubles.map { $0.isNaN ? 0x7FF8_0000_0000_0000 : $0.bitPattern })
  }

  private static func random(
    _ shape: [Int], _ element: ElementType, _ site: String, _ seed: UInt64
  ) -> Tensor {
    let count = shape.reduce(1, *)
    let draws = Philox(seed: seed, site: "test/\(site)").uniforms(count: count, step: 0, offset: 0)
    let storage: Tensor.Storage =
      switch element {
      case .float: .float(draws.map { Float($0) * 2 - 1 })
      case .int: .int(draws.map { Int32($0 * 2) })
      case .bool: .bool(draws.map { $0 < 0.5 })
      }
    return Tensor(shape: shape, storage) ?? Tensor(scalar: 0)
  }
}
