package import NetcCore

/// How a convolution slides and what the axes of its operands are.
///
/// Each list of axes is `[group, outer, feature, spatial…]`, the group left out without groups: for
/// the input `outer` is the batch and `feature` is summed over; for the kernel `outer` is the
/// result's feature; for the result the two are the input's and the kernel's `outer`.
package struct ConvolutionDimensions: Hashable, Sendable {
  /// How far the window moves, by spatial axis.
  package var stride: [Int]
  /// Padding before the input; cuts elements off when negative.
  package var low: [Dim]
  /// Padding after the input; cuts elements off when negative.
  package var high: [Dim]
  /// The distance between the input's elements.
  package var lhsDilation: [Int]
  /// The distance between the kernel's elements.
  package var rhsDilation: [Int]
  /// The axes of the input.
  package var lhsAxes: [Int]
  /// The axes of the kernel.
  package var rhsAxes: [Int]
  /// The axes of the result.
  package var resultAxes: [Int]

  /// A convolution of `[batch, channel, spatial…]` by `[channel, channel, spatial…]`.
  package init(
    stride: [Int], low: [Dim], high: [Dim], lhsDilation: [Int]? = nil, rhsDilation: [Int]? = nil
  ) {
    self.stride = stride
    self.low = low
    self.high = high
    self.lhsDilation = lhsDilation ?? stride.map { _ in 1 }
    self.rhsDilation = rhsDilation ?? stride.map { _ in 1 }
    lhsAxes = Array(0..<stride.count + 2)
    rhsAxes = lhsAxes
    resultAxes = lhsAxes
  }

  /// The attributes of a `convolution`.
  package init(_ attributes: Attributes) {
    stride = attributes.ints("stride")
    low = attributes.dims("low")
    high = attributes.dims("high")
    lhsDilation = attributes.ints("lhs_dilation")
    rhsDilation = attributes.ints("rhs_dilation")
    lhsAxes = attributes.ints("lhs_axes")
    rhsAxes = attributes.ints("rhs_axes")
    resultAxes = attributes.ints("result_axes")
  }

  /// As attributes of a `convolution`.
  package var attributes: Attributes {
    [
      "stride": .ints(stride), "low": .dims(low), "high": .dims(high),
      "lhs_dilation": .ints(lhsDilation), "rhs_dilation": .ints(rhsDilation),
      "lhs_axes": .ints(lhsAxes), "rhs_axes": .ints(rhsAxes), "result_axes": .ints(resultAxes),
    ]
  }

  /// How many axes the window slides over.
  package var spatial: Int { stride.count }

  /// Whether the operands have an axis of groups.
  package var isGrouped: Bool { lhsAxes.count == spatial + 3 }

  /// The kernel's axes that are summed over: its feature and its spatial axes.
  package var rhsSummed: [Int] { Array(rhsAxes.suffix(spatial + 1)) }

  /// The same with the first two axes of a list after the group exchanged.
  package static func exchanged(_ axes: [Int], spatial: Int) -> [Int] {
    var result = axes
    let outer = axes.count - spatial - 2
    result.swapAt(outer, outer + 1)
    return result
  }

  /// The windows over the spatial axes.
  package func windows(_ lhs: Shape, _ rhs: Shape) -> [SlidingWindow<Dim>] {
    (0..<spatial).map { place in
      SlidingWindow(
        size: lhs[lhsAxes[lhsAxes.count - spatial + place]], spread: lhsDilation[place],
        low: low[place], high: high[place],
        window: rhs[rhsAxes[rhsAxes.count - spatial + place]], dilation: rhsDilation[place],
        stride: stride[place])
    }
  }
}
