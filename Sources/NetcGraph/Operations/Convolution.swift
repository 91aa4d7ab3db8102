import NetcCore

/// Sums of products of a kernel with the windows of an input, over one to three spatial axes.
///
/// The input is spread by `lhs_dilation`, padded (or cut, where negative) by `low` and `high`; the
/// kernel is spread by `rhs_dilation` and moves by `stride`. `ConvolutionDimensions` says what the
/// axes are.
struct Convolution: Operation {
  let name = "convolution"
  let summary =
    "sums of products of `kernel` with the windows of `x`; axes are [group, outer, feature, spatial…]"
  let operandNames = ["x", "kernel"]
  let attributeNames = [
    "stride", "low", "high", "lhs_dilation", "rhs_dilation", "lhs_axes", "rhs_axes", "result_axes",
  ]
  let stableHLO = "stablehlo.convolution, groups folded into feature_group_count"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.sumOfProducts

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 2)
    for (index, type) in operands.enumerated() where type.element != .float {
      throw OperationTypeError("real numbers expected, found \(type)", operand: index)
    }
    let axes = try checkedAxes(operands[0].shape.rank, operands[1].shape.rank, attributes)
    let (lhs, rhs) = (operands[0].shape, operands[1].shape)
    let first = axes.isGrouped ? 1 : 0
    if axes.isGrouped, lhs[axes.lhsAxes[0]] != rhs[axes.rhsAxes[0]] {
      throw OperationTypeError(
        "\(lhs) has \(lhs[axes.lhsAxes[0]]) groups, the kernel \(rhs) has "
          + "\(rhs[axes.rhsAxes[0]])", operand: 1)
    }
    let (given, wanted) = (lhs[axes.lhsAxes[first + 1]], rhs[axes.rhsAxes[first + 1]])
    guard given == wanted else {
      throw OperationTypeError(
        "\(lhs) has \(given) channels on axis \(axes.lhsAxes[first + 1]), the kernel \(rhs) takes "
          + "\(wanted)", operand: 1)
    }
    var dims = axes.isGrouped ? [lhs[axes.lhsAxes[0]]] : []
    dims += [lhs[axes.lhsAxes[first]], rhs[axes.rhsAxes[first]]]
    for (place, window) in axes.windows(lhs, rhs).enumerated() {
      dims.append(try window.places(axis: axes.lhsAxes[first + 2 + place]))
    }
    var ordered = dims
    for (place, axis) in axes.resultAxes.enumerated() { ordered[axis] = dims[place] }
    return [TensorType(.float, try Shape(ordered).checked())]
  }

  private func checkedAxes(
    _ lhs: Int, _ rhs: Int, _ attributes: Attributes
  ) throws(OperationTypeError) -> ConvolutionDimensions {
    let spatial = try attributes.checkedInts("stride").count
    guard (1...3).contains(spatial) else {
      throw OperationTypeError("`stride` names \(spatial) spatial axes: 1 to 3 are possible")
    }
    _ = try attributes.checkedInts("stride", count: spatial, least: 1)
    _ = try attributes.checkedDims("low", count: spatial)
    _ = try attributes.checkedDims("high", count: spatial)
    _ = try attributes.checkedInts("lhs_dilation", count: spatial, least: 1)
    _ = try attributes.checkedInts("rhs_dilation", count: spatial, least: 1)
    guard lhs == rhs, lhs == spatial + 2 || lhs == spatial + 3 else {
      throw OperationTypeError(
        "over \(spatial) spatial axes both operands have rank \(spatial + 2), or \(spatial + 3) with "
          + "groups; found \(lhs) and \(rhs)")
    }
    for name in ["lhs_axes", "rhs_axes", "result_axes"] {
      guard try attributes.checkedAxes(name, rank: lhs).count == lhs else {
        throw OperationTypeError("`\(name)` must name each of the \(lhs) axes once")
      }
    }
    return ConvolutionDimensions(attributes)
  }

  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? {
    let axes = ConvolutionDimensions(attributes)
    return SlidingWindows.problem(axes.windows(operands[0].shape, operands[1].shape), bindings)
  }

  /// dx = convolution of d with the kernel turned around, d kernel = convolution of x with d.
  ///
  /// With N, K, O the extents of input, kernel and result in steps of one:
  /// dx has stride `lhs_dilation`, lhs_dilation `stride` and padding (K-1-low, N-O+low); d kernel
  /// has stride `rhs_dilation`, rhs_dilation `stride` and padding (low, O-N+K-1-low).
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [
      call.wanted[0] ? inputAdjoint(call, &b) : nil,
      call.wanted[1] ? kernelAdjoint(call, &b) : nil,
    ]
  }

  private func extents(
    _ call: PrimalCall, _ b: GraphBuilder
  ) -> [(input: Dim, kernel: Dim, result: Dim)] {
    let axes = ConvolutionDimensions(call.attributes)
    let result = b.shape(of: call.y)
    let spatial = axes.resultAxes.suffix(axes.spatial)
    return zip(axes.windows(b.shape(of: call.x), b.shape(of: call.operands[1])), spatial).map {
      ($0.extent, $0.reach, (result[$1] - Dim(1)) * Dim($0.stride) + Dim(1))
    }
  }

  private func inputAdjoint(_ call: PrimalCall, _ b: inout GraphBuilder) -> ValueID {
    let axes = ConvolutionDimensions(call.attributes)
    let extents = extents(call, b)
    var adjoint = axes
    adjoint.stride = axes.lhsDilation
    adjoint.lhsDilation = axes.stride
    adjoint.low = zip(extents, axes.low).map { $0.kernel - Dim(1) - $1 }
    adjoint.high = zip(extents, axes.low).map { $0.input - $0.result + $1 }
    adjoint.lhsAxes = axes.resultAxes
    adjoint.rhsAxes = ConvolutionDimensions.exchanged(axes.rhsAxes, spatial: axes.spatial)
    adjoint.resultAxes = axes.lhsAxes
    let turned = b.reverse(call.operands[1], axes: axes.rhsAxes.suffix(axes.spatial).sorted())
    return b.convolution(call.d, turned, adjoint)
  }

  private func kernelAdjoint(_ call: PrimalCall, _ b: inout GraphBuilder) -> ValueID {
    let axes = ConvolutionDimensions(call.attributes)
    let extents = extents(call, b)
    var adjoint = axes
    adjoint.stride = axes.rhsDilation
    adjoint.rhsDilation = axes.stride
    adjoint.high = zip(extents, axes.low).map { $0.result - $0.input + $0.kernel - Dim(1) - $1 }
    adjoint.lhsAxes = ConvolutionDimensions.exchanged(axes.lhsAxes, spatial: axes.spatial)
    adjoint.rhsAxes = ConvolutionDimensions.exchanged(axes.resultAxes, spatial: axes.spatial)
    adjoint.resultAxes = ConvolutionDimensions.exchanged(axes.rhsAxes, spatial: axes.spatial)
    return b.convolution(call.x, call.d, adjoint)
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let axes = ConvolutionDimensions(call.attributes)
    let (x, kernel) = (call.operands[0], call.operands[1])
    let windows = axes.windows(Shape(sizes: x.shape), Shape(sizes: kernel.shape)).map { window in
      guard let bound = window.bound(call.context.bindings) else {
        internalError("reference: operation convolution: a window that does not fit")
      }
      return bound
    }
    let lhs = Roles(x.shape, axes.lhsAxes, spatial: axes.spatial)
    let rhs = Roles(kernel.shape, axes.rhsAxes, spatial: axes.spatial)
    let target = Roles(call.shape, axes.resultAxes, spatial: axes.spatial)
    let offsets = SlidingWindows.offsets(
      windows, positions: target.sizes, strides: lhs.strides)
    let taps = Indexing.offsets(rhs.sizes, strides: rhs.strides)
    let positions = Indexing.offsets(target.sizes, strides: target.strides)
    let (input, weights) = (x.floats, kernel.floats)
    var sums = [S](repeating: 0, count: call.shape.reduce(1, *))
    for group in 0..<target.group.size {
      for outer in 0..<target.outer.size {
        for feature in 0..<target.feature.size {
          let to =
            group * target.group.stride + outer * target.outer.stride
            + feature * target.feature.stride
          for (position, place) in positions.enumerated() {
            var sum: S = 0
            for summed in 0..<lhs.feature.size {
              let from =
                group * lhs.group.stride + outer * lhs.outer.stride + summed * lhs.feature.stride
              let weight =
                group * rhs.group.stride + feature * rhs.outer.stride + summed * rhs.feature.stride
              for (tap, at) in taps.enumerated() {
                let offset = offsets[position * taps.count + tap]
                if offset >= 0 { sum += input[from + offset] * weights[weight + at] }
              }
            }
            sums[to + place] = sum
          }
        }
      }
    }
    return [ReferenceTensor(call.shape, .float(sums))]
  }
}

/// The sizes and distances of a dense tensor's axes by what a convolution uses them for.
private struct Roles {
  let group: (size: Int, stride: Int)
  let outer: (size: Int, stride: Int)
  let feature: (size: Int, stride: Int)
  /// Of the spatial axes.
  let sizes: [Int]
  let strides: [Int]

  init(_ shape: [Int], _ axes: [Int], spatial: Int) {
    let own = Indexing.strides(shape)
    let first = axes.count - spatial - 2
    group = first > 0 ? (shape[axes[0]], own[axes[0]]) : (1, 0)
    outer = (shape[axes[first]], own[axes[first]])
    feature = (shape[axes[first + 1]], own[axes[first + 1]])
    sizes = axes.suffix(spatial).map { shape[$0] }
    strides = axes.suffix(spatial).map { own[$0] }
  }
}

extension OpID {
  /// `convolution` in the catalogue.
  package static let convolution = OpID("convolution")
}

extension GraphBuilder {
  /// Sums of products of a kernel with the windows of x.
  package mutating func convolution(
    _ x: ValueID, _ kernel: ValueID, _ axes: ConvolutionDimensions
  ) -> ValueID {
    emit(.convolution, [x, kernel], axes.attributes)
  }
}
