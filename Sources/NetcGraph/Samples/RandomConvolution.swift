import NetcCore

/// A convolution drawn from a seed with its two adjoints, and the numbers they read: what adjoints
/// and planners are tested on.
///
/// Over one to three axes, with strides, padding of both signs, dilation of both operands, groups,
/// and axes in any order. The outputs are `y`, and `dx` and `dkernel` for the parameter `d` as the
/// adjoint of `y`.
package struct RandomConvolution: Sendable {
  /// The graph.
  package let graph: Graph
  /// Numbers to evaluate it with.
  package let context: EvaluationContext

  /// A convolution of few elements.
  package init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let spatial = random.int(1..<4)
    let isGrouped = random.chance(0.4)
    var axes = RandomConvolution.windows(spatial, &random)
    let group = isGrouped ? [random.int(1..<4)] : []
    let (outer, channels, features) = (random.int(1..<4), random.int(1..<4), random.int(1..<4))
    let size = Array(0..<group.count + 2 + spatial)
    func order(_ random: inout SeededGenerator) -> [Int] {
      random.chance(0.5) ? size : size.shuffled(using: &random)
    }
    axes.attributes.lhsAxes = order(&random)
    axes.attributes.rhsAxes = order(&random)
    axes.attributes.resultAxes = order(&random)

    func shape(_ sizes: [Int], _ order: [Int]) -> [Int] {
      var shape = sizes
      for (place, axis) in order.enumerated() { shape[axis] = sizes[place] }
      return shape
    }
    var b = GraphBuilder()
    var context = EvaluationContext(seed: seed)
    func parameter(_ name: String, _ shape: [Int], _ random: inout SeededGenerator) -> ValueID {
      context.parameters[name] = .sample(
        shape, (0..<shape.reduce(1, *)).map { _ in random.real(-1...1) })
      return b.parameter(name, TensorType(.float, Shape(sizes: shape)))
    }
    let x = parameter(
      "x", shape(group + [outer, channels] + axes.sizes, axes.attributes.lhsAxes), &random)
    let kernel = parameter(
      "kernel", shape(group + [features, channels] + axes.windows, axes.attributes.rhsAxes),
      &random)
    let y = b.convolution(x, kernel, axes.attributes)
    let d = parameter("d", b.shape(of: y).sizes ?? [], &random)
    let adjoints = OpID.convolution.operation.gradient(
      PrimalCall(
        operands: [x, kernel], results: [y], attributes: axes.attributes.attributes,
        adjoints: [d], wanted: [true, true]), &b)
    b.graph.results = [GraphResult(.output, "y", y)]
    for (name, adjoint) in zip(["dx", "dkernel"], adjoints) {
      if let adjoint { b.graph.results.append(GraphResult(.output, name, adjoint)) }
    }
    graph = b.graph
    self.context = context
  }

  private struct Windows {
    var attributes: ConvolutionDimensions
    var sizes: [Int] = []
    var windows: [Int] = []
  }

  /// Windows that fit, on axes of up to 21 elements.
  private static func windows(_ spatial: Int, _ random: inout SeededGenerator) -> Windows {
    var result = Windows(attributes: ConvolutionDimensions(stride: [], low: [], high: []))
    for _ in 0..<spatial {
      let window = random.int(1..<4)
      let (stride, spread) = (random.pick([1, 1, 2, 3]), random.pick([1, 1, 2]))
      let dilation = random.pick([1, 1, 2])
      let size = random.int(1..<(spatial == 1 ? 22 : 6))
      let (low, high) = (random.int(-1..<3), random.int(-1..<3))
      let lacking = (window - 1) * dilation + 1 - ((size - 1) * spread + 1 + low + high)
      result.attributes.stride.append(stride)
      result.attributes.low.append(Dim(low + max(0, lacking)))
      result.attributes.high.append(Dim(high))
      result.attributes.lhsDilation.append(spread)
      result.attributes.rhsDilation.append(dilation)
      result.sizes.append(size)
      result.windows.append(window)
    }
    return result
  }
}
