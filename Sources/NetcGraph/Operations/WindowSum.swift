import NetcCore

/// The sum of the elements under each position of a window; padding adds nothing.
struct WindowSum: Operation {
  let name = "window_sum"
  let summary =
    "sums of the elements of `x` under each position of `window`, on the axes from `batch_dims` on"
  let operandNames = ["x"]
  let attributeNames = WindowDimensions.names
  let stableHLO = "stablehlo.reduce_window with an add region"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.sum

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    let type = try Elementwise.realType(operands, count: 1)
    let windows = try WindowDimensions(checking: attributes, rank: type.shape.rank)
    return [TensorType(type.element, try windows.resultShape(type.shape))]
  }

  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? {
    SlidingWindows.problem(WindowDimensions(attributes).windows(operands[0].shape), bindings)
  }

  /// dx = the sums of d, spread by `stride`, under the same window moving by one.
  ///
  /// With K the reach of the window and O the extent of the spread d, the padding is (K-1-low,
  /// n-O+low).
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    let windows = WindowDimensions(call.attributes)
    let source = b.shape(of: call.x)
    let taken = b.shape(of: call.y)
    var adjoint = windows
    var interior = [Int](repeating: 0, count: source.rank)
    for (place, window) in windows.windows(source).enumerated() {
      let axis = windows.batchDims + place
      interior[axis] = window.stride - 1
      let extent = (taken[axis] - Dim(1)) * Dim(window.stride) + Dim(1)
      adjoint.stride[place] = 1
      adjoint.low[place] = window.reach - Dim(1) - window.low
      adjoint.high[place] = window.size - extent + window.low
    }
    let none = interior.map { _ in Dim(0) }
    let spread = b.pad(call.d, 0, low: none, high: none, interior: interior)
    return [b.windowSum(spread, adjoint)]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let windows = WindowDimensions(call.attributes)
    let offsets = windows.offsets(x.shape, call.shape, call.context.bindings)
    let places = windows.window.reduce(1, *)
    let size = x.shape[windows.batchDims...].reduce(1, *)
    let values = x.floats
    var sums: [S] = []
    for entry in 0..<x.shape[..<windows.batchDims].reduce(1, *) {
      for window in 0..<offsets.count / places {
        var sum: S = 0
        for place in 0..<places {
          let offset = offsets[window * places + place]
          if offset >= 0 { sum += values[entry * size + offset] }
        }
        sums.append(sum)
      }
    }
    return [ReferenceTensor(call.shape, .float(sums))]
  }

  var samples: [OperationSample] { WindowDimensions.samples }
}

extension WindowDimensions {
  /// Calls that overlap, leave gaps, pad, cut and dilate, over one to three axes.
  static var samples: [OperationSample] {
    let calls: [([Int], WindowDimensions)] = [
      ([2, 1, 4, 4], WindowDimensions(batchDims: 2, window: [2, 2], stride: [2, 2])),
      (
        [2, 5, 4],
        WindowDimensions(
          batchDims: 1, window: [3, 2], stride: [2, 1], low: [1, 0], high: [1, 1],
          dilation: [1, 2])
      ),
      ([6], WindowDimensions(batchDims: 0, window: [2], stride: [3], low: [-1], high: [2])),
      (
        [1, 3, 3, 2, 2],
        WindowDimensions(batchDims: 1, window: [2, 2, 2, 1], stride: [1, 1, 2, 1])
      ),
      ([3, 2], WindowDimensions(batchDims: 1, window: [1], low: [2], high: [0])),
      ([0, 2], WindowDimensions(batchDims: 1, window: [2])),
    ]
    return calls.map { shape, windows in
      let numbers = (0..<shape.reduce(1, *)).map {
        (Double($0) * 1.7 + 0.4).remainder(dividingBy: 5.3)
      }
      return OperationSample([.sample(shape, numbers)], windows.attributes)
    }
  }
}

extension OpID {
  /// `window_sum` in the catalogue.
  package static let windowSum = OpID("window_sum")
}

extension GraphBuilder {
  /// The sum of the elements of x under each position of a window.
  package mutating func windowSum(_ x: ValueID, _ windows: WindowDimensions) -> ValueID {
    emit(.windowSum, [x], windows.attributes)
  }
}
