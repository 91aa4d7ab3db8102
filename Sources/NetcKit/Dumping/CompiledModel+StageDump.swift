import NetcCore
import NetcEmit
import NetcGraph
import NetcRuntime
import NetcSemantics
import NetcSyntax
import NetcTransform

/// Which stage of compilation is wanted, and how.
public struct StageDump: Hashable, Sendable {
  /// The stages in order.
  public enum Stage: String, Hashable, Sendable, CaseIterable {
    case ast, graph, gradient, optimized, schedule, memory
  }

  /// The stage.
  public var stage = Stage.graph
  /// The training graph after the pass of this name instead.
  public var pass: String?
  /// Evaluation instead of the training step.
  public var isEvaluation = false
  /// The bytes that a training step may take; nil for what the fastest one takes.
  public var memory: Int?
  /// The form of a graph.
  public var format = GraphFormat.text

  /// The forward graph as text.
  public init() {}

  /// The passes by name, in order.
  public static var passNames: [String] { PassPipeline.training().stages.map(\.label) }
}

extension CompiledModel {
  /// The stage as text.
  /// - Throws: `NetcError.unsupported` when a plan needs the size of a dimension that nothing
  ///   binds.
  public func stageText(
    _ request: StageDump, dimensions: [String: Int] = [:]
  ) throws(NetcError) -> String {
    if let pass = request.pass {
      let graph =
        request.isEvaluation
        ? model.evaluation.optimized(.pass, until: pass)
        : step.optimized(.step, until: pass)
      return text(graph, request.format)
    }
    switch request.stage {
    case .ast:
      var sources = SourceMap()
      let file = sources.add(name: name, text: text)
      return treeText(of: parse(file, in: sources).unit)
    case .graph:
      return text(request.isEvaluation ? model.evaluation : model.training, request.format)
    case .gradient: return text(request.isEvaluation ? model.evaluation : derived, request.format)
    case .optimized: return text(request.isEvaluation ? evaluation : training, request.format)
    case .schedule, .memory:
      let plan = try plan(
        isEvaluation: request.isEvaluation, dimensions: dimensions, memory: request.memory)
      return request.stage == .schedule ? plan.scheduleText(sources: sources) : plan.memoryText()
    }
  }
}
