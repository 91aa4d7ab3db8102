import NetcCore
import NetcGraph

extension ConvolutionGeometry {
  /// The input as tests see it.
  var inputView: OperandView {
    OperandView(
      .float, [groups, outer, channels] + axes.map(\.size),
      strides: [input.group, input.outer, input.feature] + input.axes)
  }

  /// The numbers of the prologue as tests see them: to multiply, to add.
  var prologueViews: [OperandView] {
    let list = OperandView(.float, [groups * channels])
    return prologue == nil ? [] : [list, list]
  }

  /// The input after the prologue, whose numbers begin `lists`.
  func prepared(_ b: inout GraphBuilder, _ input: ValueID, _ lists: [ValueID]) -> ValueID {
    guard let prologue else { return input }
    let shape = b.shape(of: input)
    let rows = lists.prefix(2).map { list in
      b.broadcast(
        b.reshape(list, to: Shape(sizes: [groups, channels])), to: shape, axes: [0, 2])
    }
    let y = b.add(b.multiply(input, rows[0]), rows[1])
    if prologue == .affine { return y }
    let zero = b.constant(0, shape)
    return b.select(b.compare(.le, y, zero), zero, y)
  }

  /// The sums by channel of each unit's results, and of the squares of their distances from the
  /// unit's mean.
  func statistics(_ b: inout GraphBuilder, _ y: ValueID) -> [ValueID] {
    let bands = axes[1].positions / band
    let parts = Shape(
      sizes: [outer, features, axes[0].positions, bands, band * axes[2].positions])
    let apart = b.reshape(y, to: parts)
    let count = Double(band * axes[2].positions)
    let sums = b.reduceSum(apart, axes: [4])
    let means = b.divide(sums, b.constant(count, b.shape(of: sums)))
    let distance = b.subtract(apart, b.broadcast(means, to: parts, axes: [0, 1, 2, 3]))
    let squares = b.reduceSum(b.multiply(distance, distance), axes: [4])
    return [sums, squares].map { list in
      b.reshape(
        b.transpose(list, [0, 2, 3, 1]), to: Shape(sizes: [units, features]))
    }
  }

  /// The result as tests see it.
  var resultView: OperandView {
    OperandView(
      .float, [groups, outer, features] + axes.map(\.positions),
      strides: [result.group, result.outer, result.feature] + result.axes)
  }

  /// The kernel as tests see it; its first element comes last where taps run backwards.
  var kernelView: OperandView {
    let shape = [groups, features, channels] + axes.map(\.window)
    let strides = [kernel.group, kernel.feature, kernel.outer] + kernel.axes
    return OperandView(.float, shape, strides: strides)
  }

  /// The convolution as an operation has it, all operands `[group, outer, feature, axes]`.
  var dimensions: ConvolutionDimensions {
    var result = ConvolutionDimensions(
      stride: axes.map(\.stride), low: axes.map { Dim($0.low) },
      high: axes.map { axis in
        Dim(
          (axis.positions - 1) * axis.stride + (axis.window - 1) * axis.dilation - axis.low
            - (axis.size - 1) * axis.spread)
      }, lhsDilation: axes.map(\.spread), rhsDilation: axes.map(\.dilation))
    result.lhsAxes = Array(0..<6)
    result.rhsAxes = Array(0..<6)
    result.resultAxes = Array(0..<6)
    return result
  }

  /// The adjoint in the kernel as a convolution of the input by the adjoint of the result.
  var adjointDimensions: ConvolutionDimensions {
    var result = ConvolutionDimensions(
      stride: axes.map(\.dilation), low: axes.map { Dim($0.low) },
      high: axes.map { axis in
        Dim(
          (axis.window - 1) * axis.dilation + (axis.positions - 1) * axis.stride - axis.low
            - axis.size + 1)
      }, rhsDilation: axes.map(\.stride))
    result.lhsAxes = [0, 2, 1, 3, 4, 5]
    result.rhsAxes = [0, 2, 1, 3, 4, 5]
    result.resultAxes = [0, 2, 1, 3, 4, 5]
    return result
  }

  /// A kernel `[group, feature, channel, axes]` from a packed one.
  func unpacked(_ b: inout GraphBuilder, _ packed: ValueID) -> ValueID {
    let flat = b.gather(packed, b.places(packedPlaces), axis: 0)
    return b.reshape(flat, to: Shape(sizes: kernelView.shape))
  }

  /// A packed kernel, a list, from a kernel `[group, feature, channel, axes]`.
  func packed(_ b: inout GraphBuilder, _ kernel: ValueID) -> ValueID {
    var sources = [Int](repeating: -1, count: packedCount)
    for (element, place) in packedPlaces.enumerated() where place >= 0 { sources[place] = element }
    let flat = b.reshape(kernel, to: Shape(sizes: [kernelView.shape.reduce(1, *)]))
    return b.gather(flat, b.places(sources), axis: 0)
  }
}

extension GraphBuilder {
  /// Indices as a constant.
  fileprivate mutating func places(_ places: [Int]) -> ValueID {
    constant(places.map { Double($0) }, TensorType(.int, Shape(sizes: [places.count])))
  }
}
