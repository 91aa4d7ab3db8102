package import NetcCore

/// What a graph's leaves read during one evaluation.
package struct EvaluationContext: Sendable {
  /// The sizes of the symbolic dimensions.
  package var bindings: DimBindings
  /// Tensors by name: inputs, parameters and states.
  package var inputs: [String: Tensor]
  /// The trained tensors.
  package var parameters: [String: Tensor]
  /// The tensors carried between steps.
  package var states: [String: Tensor]
  /// Completed updates.
  package var step: Int
  /// The seed of every random draw.
  package var seed: UInt64

  /// A context; what is not given is empty or zero.
  package init(
    bindings: DimBindings = [:], inputs: [String: Tensor] = [:], parameters: [String: Tensor] = [:],
    states: [String: Tensor] = [:], step: Int = 0, seed: UInt64 = 0
  ) {
    self.bindings = bindings
    self.inputs = inputs
    self.parameters = parameters
    self.states = states
    self.step = step
    self.seed = seed
  }
}

/// One node's evaluation: operands as numbers, result shapes bound.
package struct EvaluationCall<S: ReferenceScalar>: Sendable {
  /// The operands' numbers, in order.
  package let operands: [ReferenceTensor<S>]
  /// The node's compile-time arguments.
  package let attributes: Attributes
  /// The sizes of each result.
  package let resultShapes: [[Int]]
  /// What leaves read.
  package let context: EvaluationContext

  /// A call of these parts.
  package init(
    operands: [ReferenceTensor<S>], attributes: Attributes, resultShapes: [[Int]],
    context: EvaluationContext
  ) {
    self.operands = operands
    self.attributes = attributes
    self.resultShapes = resultShapes
    self.context = context
  }

  /// The shape of the only result.
  package var shape: [Int] { resultShapes[0] }

  /// The dimensions of an attribute as numbers.
  func bound(_ name: String) -> [Int] {
    attributes.dims(name).map { dim in
      guard let value = dim.value(context.bindings) else {
        internalError("reference: attribute `\(name)`: \(dim) is not bound")
      }
      return value
    }
  }
}
