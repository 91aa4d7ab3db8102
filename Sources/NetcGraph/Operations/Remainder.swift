import NetcCore

/// What `a/b` rounded towards 0 leaves, with the sign of `a`, elementwise; an integer by 0 gives
/// `a`.
struct Remainder: Operation {
  let name = "remainder"
  let summary = "what division rounded towards 0 leaves, with the sign of the dividend"
  let operandNames = ["lhs", "rhs"]
  let stableHLO = "stablehlo.remainder"
  let isHostable = true
  let differentiability = Differentiability.rule

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    [try Elementwise.numericType(operands, count: 2)]
  }

  /// da = d, db = -d·trunc(a/b), trunc(q) = sign(q)·⌊|q|⌋
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    guard call.wanted[1] else { return [call.d, nil] }
    let quotient = b.divide(call.operands[0], call.operands[1])
    let whole = b.multiply(b.sign(quotient), b.floor(b.abs(quotient)))
    return [call.d, b.negate(b.multiply(call.d, whole))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    [
      Elementwise.arithmetic(
        call, floats: { S.fmod($0, $1) },
        ints: { $1 == 0 ? $0 : $0.remainderReportingOverflow(dividingBy: $1).partialValue })
    ]
  }

  var samples: [OperationSample] { Elementwise.numericBinarySamples }
}

extension OpID {
  /// `remainder` in the catalogue.
  package static let remainder = OpID("remainder")
}

extension GraphBuilder {
  /// What x/y rounded towards 0 leaves, both of one type.
  package mutating func remainder(_ x: ValueID, _ y: ValueID) -> ValueID {
    emit(.remainder, [x, y])
  }
}
