public import NetcCore
package import NetcGraph
package import NetcSemantics
import NetcTransform

/// A compiled program: its declarations and the graphs of one training step and of evaluation.
public struct CompiledModel: Sendable {
  /// The file's name as given.
  public let name: String
  /// The program's text.
  public let text: String
  /// The folder relative data paths start from; empty for the current one.
  public let directory: String
  /// The warnings of the compilation.
  public let warnings: [Diagnostic]
  /// The settings it was compiled with.
  public let options: CompilerOptions
  /// The files that origins point into.
  public let sources: SourceMap

  /// What analysis found.
  package let model: Model
  /// The training step with its `grad` nodes: the program's, or a loop over slices of the batch.
  package let step: Graph
  /// The training step as it is planned.
  package let training: Graph
  /// The evaluation graph as it is planned.
  package let evaluation: Graph

  init(
    _ model: Model, sources: SourceMap, name: String, text: String, directory: String,
    options: CompilerOptions, warnings: [Diagnostic]
  ) {
    self.model = model
    self.sources = sources
    self.name = name
    self.text = text
    self.directory = directory
    self.options = options
    self.warnings = warnings
    let checks = options.verifies
    step = model.slicedStep
    let pass = Beside { model.evaluation.optimized(.pass, verifies: checks) }
    training = step.optimized(.step, verifies: checks)
    evaluation = pass.value()
  }
}

extension Model {
  /// The training graph with the slices that `train` asks for.
  fileprivate var slicedStep: Graph {
    let batch = inputs.first { $0.isBatched }?.type.shape.dims.first?.symbol
    guard let slices = train?.slices, slices > 1, let batch else { return training }
    return training.accumulating(slices, batch: batch)
  }
}

extension CompiledModel {
  /// The training step with its gradients written out, before optimisation.
  /// - Complexity: O(nodes) each time; a run seldom needs it.
  package var derived: Graph {
    PassPipeline.derivation.run(step, verifies: options.verifies).graph
  }

  /// The first values of parameters and states, `others` left out with what only they need.
  /// - Complexity: O(nodes) each time; a run needs it once.
  package func initial(but others: Set<String> = []) -> Graph {
    var graph = model.initial
    graph.results.removeAll { others.contains($0.name) }
    return PassPipeline.evaluation().run(graph, verifies: options.verifies).graph
  }

  /// Checks that a training step can take so many examples.
  /// - Throws: `NetcError.unsupported` when `accumulate` cannot cut them into equal slices.
  func checkSlices(of examples: Int) throws(NetcError) {
    guard let slices = model.train?.slices, examples % slices != 0 else { return }
    throw .unsupported(
      "a batch of \(examples) cannot be cut into the \(slices) equal slices that `accumulate` asks"
        + " for"
    )
  }

  /// The name of the batch dimension: the first dimension of the fed inputs; nil when none has one.
  package var batchSymbol: String? {
    model.inputs.first { $0.isBatched }?.type.shape.dims.first?.symbol
  }

  /// Trained or frozen tensors with their shapes, in order of first use.
  public var parameters: [TensorDescription] {
    model.parameters.map {
      TensorDescription(name: $0.name, type: $0.type, isTrained: !$0.isFrozen)
    }
  }

  /// Tensors carried between steps and saved, never trained.
  public var states: [TensorDescription] {
    model.states.map { TensorDescription(name: $0.name, type: $0.type, isTrained: false) }
  }

  /// Tensors to feed.
  public var inputs: [TensorDescription] {
    model.inputs.map { TensorDescription(name: $0.name, type: $0.type, isTrained: false) }
  }

  /// The names of the losses, metrics and outputs, in order of declaration.
  public var losses: [String] { model.losses }
  public var metrics: [String] { model.metrics.map(\.name) }
  public var outputs: [String] { model.outputs }

  /// How many trained numbers there are; nil when a shape is not known.
  public var trainedCount: Int? {
    var sum = Dim(0)
    for parameter in model.parameters where !parameter.isFrozen {
      sum = sum + parameter.type.shape.count
    }
    return sum.constant
  }

  /// Whether `train` holds rows out for validation.
  public var holdsOut: Bool { model.train.map { $0.validation != .none } ?? false }

  /// Where a range of the program is: `file:line:column`.
  public func location(_ range: SourceRange) -> String { sources.location(range) }
}

/// A named tensor of a model.
public struct TensorDescription: Hashable, Sendable {
  /// The whole path, as `dense_1.weight`.
  public let name: String
  /// Element type and shape; symbolic dimensions by name.
  public let type: TensorType
  /// Whether training changes it.
  public let isTrained: Bool
}
