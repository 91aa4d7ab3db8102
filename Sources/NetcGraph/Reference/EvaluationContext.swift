package import NetcCore

/// What a graph's leaves read during one evaluation.
package struct EvaluationContext: Sendable {
  /// The sizes of the symbolic dimensions.
  package var bindings: DimBindings
  /// Tensors by name: inputs, parameters and states.
  package var inputs: [String: Tensor]
  package var parameters: [String: Tensor]
  package var states: [String: Tensor]
  /// Completed updates.
  package var step: Int
  /// The seed of every random draw.
  package var seed: UInt64

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
  package let operands: [ReferenceTensor<S>]
  package let attributes: Attributes
  package let resultShapes: [[Int]]
  package let context: EvaluationContext

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
