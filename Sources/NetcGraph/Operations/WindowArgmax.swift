import NetcCore

/// The place of the greatest element under each position of a window: the first of equals in
/// row-major order; a NaN counts as the greatest, padding as nothing.
///
/// Places count the elements of the axes from `batch_dims` on, in row-major order; a window of
/// padding alone gives -1. So the maximum is `gather` of those axes taken as one.
struct WindowArgmax: Operation {
  let name = "window_argmax"
  let summary =
    "the place in `x` of the greatest element under each position of `window`; -1 if there is none"
  let operandNames = ["x"]
  let attributeNames = WindowDimensions.names
  let stableHLO = "stablehlo.reduce_window over pairs of number and index"
  let differentiability = Differentiability.zero

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    let type = try Elementwise.realType(operands, count: 1)
    let windows = try WindowDimensions(checking: attributes, rank: type.shape.rank)
    return [TensorType(.int, try windows.resultShape(type.shape))]
  }

  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? {
    SlidingWindows.problem(WindowDimensions(attributes).windows(operands[0].shape), bindings)
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] { [nil] }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let windows = WindowDimensions(call.attributes)
    let offsets = windows.offsets(x.shape, call.shape, call.context.bindings)
    let places = windows.window.reduce(1, *)
    let size = x.shape[windows.batchDims...].reduce(1, *)
    let values = x.floats
    var result: [Int32] = []
    for entry in 0..<x.shape[..<windows.batchDims].reduce(1, *) {
      for window in 0..<offsets.count / places {
        var best = -1
        for place in 0..<places {
          let offset = offsets[window * places + place]
          guard offset >= 0 else { continue }
          let candidate = values[entry * size + offset]
          let known = best < 0 ? nil : values[entry * size + best]
          if known.map({ (candidate > $0 || candidate.isNaN) && !$0.isNaN }) ?? true {
            best = offset
          }
        }
        result.append(Int32(truncatingIfNeeded: best))
      }
    }
    return [ReferenceTensor(call.shape, .int(result))]
  }

  var samples: [OperationSample] {
    WindowDimensions.samples + [
      OperationSample(
        [.sample([5], [1, 3, 3, .nan, 7])],
        WindowDimensions(batchDims: 0, window: [2], low: [2], high: [2]).attributes)
    ]
  }
}

extension OpID {
  /// `window_argmax` in the catalogue.
  package static let windowArgmax = OpID("window_argmax")
}

extension GraphBuilder {
  /// The place of the first greatest element of x under each position of a window.
  package mutating func windowArgmax(_ x: ValueID, _ windows: WindowDimensions) -> ValueID {
    emit(.windowArgmax, [x], windows.attributes)
  }
}
