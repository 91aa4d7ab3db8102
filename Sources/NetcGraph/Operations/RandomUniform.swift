package import NetcCore

/// Independent draws from [0, 1) on a grid of 2^-24: element `e` is a pure function of seed, site,
/// step and `offset + e`.
///
/// The draws are those of single precision in every precision (`Philox`).
struct RandomUniform: Operation {
  let name = "random_uniform"
  let summary =
    "draws from [0, 1), fixed by the seed, `site`, the step and the place after `offset`, if given"
  let operandNames = ["offset"]
  let takesManyOperands = true
  let attributeNames = ["shape", "site"]
  let stableHLO = "integer operations that compute Philox4x32-10"
  let differentiability = Differentiability.source
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    guard operands.count <= 1 else {
      throw OperationTypeError("at most 1 operand expected, found \(operands.count)")
    }
    if let offset = operands.first, offset != TensorType(.int, .scalar) {
      throw OperationTypeError("a whole number expected as offset, found \(offset)", operand: 0)
    }
    _ = try attributes.checkedText("site")
    return [TensorType(.float, try attributes.checkedShape())]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    call.operands.map { _ in nil }
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let generator = Philox(seed: call.context.seed, site: call.attributes.text("site"))
    let offset = call.operands.first.map { Int64($0.ints[0]) } ?? 0
    let draws = generator.uniforms(
      count: call.shape.reduce(1, *), step: UInt64(bitPattern: Int64(call.context.step)),
      offset: UInt64(bitPattern: offset))
    return [ReferenceTensor(call.shape, .float(draws.map { S($0) }))]
  }

  var samples: [OperationSample] {
    [
      OperationSample([], ["shape": .dims([3, 2]), "site": .text("dropout_1")]),
      OperationSample(
        [.sample([], ints: [5])], ["shape": .dims([4]), "site": .text("dropout_1")]),
      OperationSample([], ["shape": .dims([0]), "site": .text("none")]),
    ]
  }
}

extension OpID {
  /// `random_uniform` in the catalogue.
  package static let randomUniform = OpID("random_uniform")
}

extension GraphBuilder {
  /// Draws from [0, 1), fixed by the seed, a site's name, the step and each element's place after
  /// `offset`.
  package mutating func randomUniform(
    _ shape: Shape, site: String, offset: ValueID? = nil
  ) -> ValueID {
    emit(
      .randomUniform, offset.map { [$0] } ?? [],
      ["shape": .dims(shape.dims), "site": .text(site)])
  }
}
