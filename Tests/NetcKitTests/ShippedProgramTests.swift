import Foundation
import NetcCore
import NetcKit
import Testing

/// A program that the repository shows to people, and where its data paths start.
struct ShippedProgram: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let directory: String

  var testDescription: String { name }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The files of `examples`, in the order of their paths.
  static let examples: [ShippedProgram] = {
    let folder = root.appendingPathComponent("examples")
    let paths = (FileManager.default.subpaths(atPath: folder.path) ?? [])
      .filter { $0.hasSuffix(".net") && !$0.contains(".build/") }
      .sorted()
    return paths.compactMap { path in
      let url = folder.appendingPathComponent(path)
      return (try? String(contentsOf: url, encoding: .utf8)).map {
        ShippedProgram(name: path, text: $0, directory: url.deletingLastPathComponent().path)
      }
    }
  }()

  /// The programs the language was designed with and the workloads of its benchmarks.
  static let designs: [ShippedProgram] = {
    let folder = root.appendingPathComponent("Tests/NetcSyntaxTests/Programs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".net") }.sorted().compactMap { name in
      let url = folder.appendingPathComponent(name)
      return (try? String(contentsOf: url, encoding: .utf8)).map {
        ShippedProgram(name: name, text: $0, directory: folder.path)
      }
    }
  }()

  /// The examples that are trained in tests: without optimised kernels not those that need minutes.
  static let trained: [ShippedProgram] = {
    #if DEBUG
      examples.filter { !["lenet.net", "gpt.net", "gru.net"].contains($0.name) }
    #else
      examples
    #endif
  }()

  /// The blocks of `grammar.md` marked `net`, numbered from 1.
  static let grammarBlocks: [ShippedProgram] = {
    let url = root.appendingPathComponent("grammar.md")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "```net\n").dropFirst().enumerated().map { place, rest in
      ShippedProgram(
        name: "grammar.md block \(place + 1)", text: rest.components(separatedBy: "```")[0],
        directory: root.path)
    }
  }()

  /// Constants and steps that make a long example short, by its name.
  private static let short: [String: (constants: [(String, String)], steps: Int)] = [
    "gpt.net": ([("context", "16"), ("width", "32"), ("depth", "2")], 30),
    "gru.net": ([("context", "12"), ("width", "24")], 60),
  ]

  /// How many steps the shortened program is trained for; nil for one that is short by itself.
  var shortSteps: Int? { Self.short[name]?.steps }

  /// The program compiled, which must be without errors and warnings.
  func compiled(
    isShort: Bool = false, precision: Precision = .single
  ) throws -> CompiledModel {
    var options = CompilerOptions()
    options.precision = precision
    if isShort {
      for (name, value) in Self.short[name]?.constants ?? [] {
        options.settings.append(.init(name: name, expression: value))
      }
    }
    let compilation = Compiler(options: options).compile(text, name: name, directory: directory)
    #expect(compilation.diagnostics.isEmpty, "\(compilation.renderedDiagnostics())")
    return try compilation.get()
  }
}

@Suite struct ShippedProgramTests {
  @Test func `there are examples and blocks`() {
    #expect(ShippedProgram.examples.count >= 18)
    #expect(ShippedProgram.grammarBlocks.count >= 7)
  }

  @Test(arguments: ShippedProgram.examples)
  func `an example compiles without a warning`(program: ShippedProgram) throws {
    _ = try program.compiled()
  }

  @Test(arguments: ShippedProgram.grammarBlocks)
  func `a block of the grammar compiles, and trains when it has data`(
    program: ShippedProgram
  ) throws {
    let model = try program.compiled()
    guard program.text.contains("train(") else { return }
    let trained = try Trainer(model).train()
    let loss = try #require(trained.result.train.first)
    #expect(loss.value.isFinite)
  }

  @Test func `the steps by hand are what a person computes`() throws {
    let program = try #require(
      ShippedProgram.examples.first { $0.name == "lecture/00_by_hand.net" })
    let trained = try Trainer(program.compiled()).train()
    let w = try #require(trained.saved["w"]).doubles
    #expect(abs(w[0] + 0.1611) < 1e-6 && abs(w[1] + 0.0468) < 1e-6, "\(w)")
    let slope = try #require(trained.result.validation["slope"])
    #expect(abs(slope - 0.6103884828533381) < 1e-6, "\(slope)")
  }

  #if !DEBUG
    /// The best figures are far from chance and from the limit that a broken part would leave.
    @Test(arguments: [
      ("digits.net", "accuracy", 0.96, 1.0), ("logistic.net", "accuracy", 0.95, 1.0),
      ("iris.net", "accuracy", 0.93, 1.0), ("hinge.net", "zero_one", 0.0, 0.05),
      ("diabetes.net", "r2", 0.35, 0.8), ("own_parts.net", "r2", 0.35, 0.8),
      ("vae.net", "loss", 20.0, 28.0), ("penguins.net", "accuracy", 0.95, 1.0),
      ("cars.net", "rmse", 1.5, 3.6), ("passengers.net", "rmse", 10.0, 24.0),
      ("sunspots.net", "rmse", 10.0, 30.0),
      ("lecture/01_linear_regression.net", "r2", 0.35, 0.8),
      ("lecture/02_logistic_regression.net", "zero_one", 0.0, 0.06),
      ("lecture/03_softmax_regression.net", "accuracy", 0.93, 1.0),
      ("lecture/04_two_layers.net", "zero_one", 0.0, 0.05),
      ("lecture/05_momentum.net", "zero_one", 0.0, 0.05),
      ("lecture/06_adagrad.net", "zero_one", 0.0, 0.05),
      ("lecture/07_adam.net", "zero_one", 0.0, 0.05),
      ("lecture/08_l2.net", "zero_one", 0.0, 0.05),
      ("lecture/09_dropout.net", "zero_one", 0.0, 0.06),
      ("lecture/10_early_stopping.net", "zero_one", 0.0, 0.05),
      ("lecture/11_decaying_rate.net", "zero_one", 0.0, 0.05),
    ])
    func `an example trains to its figure`(
      name: String, figure: String, least: Double, most: Double
    ) throws {
      let program = try #require(ShippedProgram.examples.first { $0.name == name })
      let trained = try Trainer(program.compiled()).train()
      let value = try #require(trained.result.validation[figure])
      #expect((least...most).contains(value), "\(name): \(figure) \(value)")
    }

    /// Single characters by their frequency leave a loss of 3.3, so that less means that more is
    /// seen.
    @Test(arguments: [("gpt.net", 200, 3.05), ("gru.net", 500, 2.55)])
    func `a model of characters learns what follows what`(
      name: String, steps: Int, most: Double
    ) throws {
      let program = try #require(ShippedProgram.examples.first { $0.name == name })
      var options = RunOptions()
      options.steps = steps
      let trained = try Trainer(program.compiled(isShort: true), options: options).train()
      let loss = try #require(trained.result.validation["loss"])
      #expect((1.5...most).contains(loss), "\(name): \(loss)")
      var sampling = SamplingOptions()
      sampling.prompt = "ROMEO:"
      var text = ""
      try Evaluator(trained.model, saved: trained.saved).sample(sampling) { text += $0 }
      #expect(text.count == 500)
      #expect(text.split { $0 == " " || $0 == "\n" }.count > 40, "\(text)")
    }
  #endif
}
