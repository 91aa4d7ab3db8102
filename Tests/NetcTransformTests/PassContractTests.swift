import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// What every pass of the catalogue keeps, on seeded random graphs evaluated by the reference
/// interpreter.
@Suite struct PassContractTests {
  #if DEBUG
    static let seeds = 0..<15
  #else
    static let seeds = 0..<300
  #endif

  @Test(arguments: PassCatalogue.passes.map(\.name)) func keepsMeaning(_ name: String) throws {
    let pass = try #require(PassCatalogue.passes.first { $0.name == name })
    for seed in Self.seeds {
      let graph = RandomGraph.make(seed, size: 40, tame: pass.keeps == .rounding)
      let rewritten = pass.apply(graph)
      let before = evaluate(graph, parameters: RandomGraph.parameters)
      let after = evaluate(rewritten, parameters: RandomGraph.parameters)
      switch pass.keeps {
      case .bits: #expect(sameBits(before, after), "seed \(seed)")
      case .rounding: #expect(close(before, after), "seed \(seed)")
      }
      #expect(throws: Never.self) { try rewritten.verify() }
    }
  }

  @Test(arguments: PassCatalogue.passes.map(\.name)) func keepsGradients(_ name: String) throws {
    let pass = try #require(PassCatalogue.passes.first { $0.name == name })
    for seed in Self.seeds {
      let graph = RandomGraph.makeDifferentiated(seed, size: 30)
      let before = evaluate(expandGradients(graph).graph, parameters: RandomGraph.parameters)
      let rewritten = pass.apply(graph)
      let after = evaluate(expandGradients(rewritten).graph, parameters: RandomGraph.parameters)
      #expect(close(before, after, tolerance: 1e-9), "seed \(seed)")
      #expect(throws: Never.self) { try rewritten.verify() }
    }
  }

  @Test(arguments: PassCatalogue.passes.map(\.name)) func changesNothingTwice(_ name: String) throws
  {
    let pass = try #require(PassCatalogue.passes.first { $0.name == name })
    guard pass.isIdempotent else { return }
    for seed in Self.seeds {
      let once = Pass.eliminateDeadCode.apply(
        pass.apply(RandomGraph.make(seed, size: 40, tame: false)))
      let twice = Pass.eliminateDeadCode.apply(pass.apply(once))
      let isSame = once.isStructurallyEqual(to: twice)
      #expect(isSame, "seed \(seed)")
    }
  }

  @Test func trainingPipelineKeepsGradients() throws {
    for seed in Self.seeds {
      let graph = RandomGraph.makeDifferentiated(seed, size: 30)
      let before = evaluate(expandGradients(graph).graph, parameters: RandomGraph.parameters)
      let outcome = PassPipeline.training().run(graph, verifies: true)
      let after = evaluate(outcome.graph, parameters: RandomGraph.parameters)
      #expect(close(before, after, tolerance: 1e-9), "seed \(seed)")
    }
  }

  /// A pass that is left out because the graph is as it left it would have changed nothing.
  @Test func settledPassesAreNotMissed() {
    let pipeline = PassPipeline.training()
    for seed in Self.seeds {
      let graph = RandomGraph.makeDifferentiated(seed, size: 30)
      var all = graph
      for stage in pipeline.stages { all = stage.pass.changeThroughout(all) ?? all }
      #expect(all.isStructurallyEqual(to: pipeline.run(graph).graph), "seed \(seed)")
    }
  }

  @Test func catalogueHoldsEveryPassOfThePipelines() {
    let known = Set(PassCatalogue.passes.map(\.name))
    let used = [PassPipeline.training(), .evaluation(), .derivation].flatMap(\.stages)
    for stage in used { #expect(known.contains(stage.pass.name), "\(stage.label)") }
    #expect(known.count == PassCatalogue.passes.count)
    #expect(
      Set(PassPipeline.training().stages.map(\.label)).count == PassPipeline.training().stages.count
    )
  }
}
