import NetcCore

extension Convolution {
  var samples: [OperationSample] {
    let plain = ConvolutionDimensions(stride: [1, 1], low: [1, 1], high: [1, 1])
    let uneven = ConvolutionDimensions(
      stride: [2], low: [1], high: [2], lhsDilation: [2], rhsDilation: [2])
    let cut = ConvolutionDimensions(
      stride: [2, 1], low: [-1, 2], high: [1, -1], lhsDilation: [1, 2], rhsDilation: [1, 3])
    var grouped = ConvolutionDimensions(stride: [1, 2], low: [0, 1], high: [0, 0])
    grouped.lhsAxes = [1, 0, 2, 3, 4]
    grouped.rhsAxes = [0, 1, 2, 3, 4]
    grouped.resultAxes = [1, 0, 2, 3, 4]
    var last = plain
    last.lhsAxes = [0, 3, 1, 2]
    last.rhsAxes = [3, 2, 0, 1]
    last.resultAxes = [0, 3, 2, 1]
    let cube = ConvolutionDimensions(stride: [1, 1, 2], low: [0, 1, 0], high: [1, 0, 0])
    return [
      Self.sample([2, 2, 3, 3], [3, 2, 3, 3], plain),
      Self.sample([2, 3, 5], [2, 3, 3], uneven),
      Self.sample([1, 2, 5, 3], [2, 2, 2, 2], cut),
      Self.sample([2, 2, 1, 2, 4], [2, 2, 1, 2, 2], grouped),
      Self.sample([1, 3, 2, 2], [2, 3, 2, 3], last),
      Self.sample([1, 1, 2, 2, 4], [2, 1, 2, 2, 2], cube),
      Self.sample([2, 1, 4], [1, 1, 1], ConvolutionDimensions(stride: [3], low: [0], high: [0])),
      Self.sample([0, 1, 2], [1, 1, 1], ConvolutionDimensions(stride: [1], low: [0], high: [0])),
    ]
  }

  private static func sample(
    _ lhs: [Int], _ rhs: [Int], _ axes: ConvolutionDimensions
  ) -> OperationSample {
    OperationSample([numbers(lhs, 0.7), numbers(rhs, 1.3)], axes.attributes)
  }

  /// Numbers of both signs, different from each other.
  private static func numbers(_ shape: [Int], _ step: Double) -> Tensor {
    .sample(
      shape,
      (0..<shape.reduce(1, *)).map { (Double($0) * step + 0.3).remainder(dividingBy: 3.1) })
  }
}
