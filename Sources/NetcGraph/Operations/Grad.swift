import NetcCore

/// The derivative of a scalar in a value: a placeholder that differentiation replaces by
/// operations.
struct Grad: Operation {
  let name = "grad"
  let summary =
    "the derivative of the scalar `of` in `wrt`, with the shape of `wrt`; all else is constant"
  let operandNames = ["of", "wrt"]
  let stableHLO = "none: differentiation replaces it"
  let differentiability = Differentiability.rule

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    guard operands.count == 2 else { throw OperationTypeError("2 operands expected") }
    guard operands[0] == TensorType(.float, .scalar) else {
      throw OperationTypeError(
        "only a real scalar has a gradient, found \(operands[0])", operand: 0)
    }
    guard operands[1].element == .float else {
      throw OperationTypeError(
        "a gradient is taken in real numbers, found \(operands[1])", operand: 1)
    }
    return [operands[1]]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    internalError("grad: replaced before what uses it is differentiated")
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    internalError("grad: replaced before evaluation")
  }

  var samples: [OperationSample] { [] }
}

extension OpID {
  /// `grad` in the catalogue.
  package static let grad = OpID("grad")
}

extension GraphBuilder {
  /// The derivative of the scalar `of` in `wrt`.
  package mutating func grad(of value: ValueID, wrt: ValueID) -> ValueID {
    emit(.grad, [value, wrt])
  }
}
