package import NetcCore

/// The size of a dimension as an integer scalar.
struct Dimension: Operation {
  let name = "dimension"
  let summary = "the size that `expression` has, as a scalar"
  let operandNames: [String] = []
  let attributeNames = ["expression"]
  let stableHLO = "stablehlo.get_dimension_size, or stablehlo.constant when the size is known"
  let isHostable = true
  let differentiability = Differentiability.source
  let curvature = CurvatureRule.opaque(.nonnegative)

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 0)
    _ = try attributes.checkedDim("expression")
    return [TensorType(.int, .scalar)]
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let expression = call.attributes.dim("expression")
    guard let value = expression.value(call.context.bindings) else {
      internalError("reference: dimension \(expression) is not bound")
    }
    return [ReferenceTensor([], .int([Int32(clamping: value)]))]
  }

  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? {
    let expression = attributes.dim("expression")
    return expression.value(bindings) == nil ? "the size of \(expression) is not known" : nil
  }

  var samples: [OperationSample] { [OperationSample([], ["expression": .dim(7)])] }
}

extension OpID {
  /// `dimension` in the catalogue.
  package static let dimension = OpID("dimension")
}

extension GraphBuilder {
  /// The size of a dimension as an integer scalar.
  package mutating func dimension(_ dim: Dim) -> ValueID {
    emit(.dimension, [], ["expression": .dim(dim)])
  }

  /// The size of a dimension as a real scalar.
  package mutating func realDimension(_ dim: Dim) -> ValueID {
    convert(dimension(dim), to: .float)
  }
}
