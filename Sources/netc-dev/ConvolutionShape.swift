import NetcCore
import NetcGraph

/// The convolutions that are timed: those of the speed workloads and a grid.
struct ConvolutionShape {
  let workload: String
  let batch: Int
  /// The height and width of the input.
  let size: Int
  let channels: Int
  let features: Int
  let kernel: Int
  var stride = 1
  /// Whether the input has channels before height and width, as a network's first one.
  var isFirst = false

  var low: Int { kernel / 2 }

  /// The height and width of the result.
  var positions: Int { (size + 2 * low - kernel) / stride + 1 }

  var name: String {
    let step = stride > 1 ? " / \(stride)" : ""
    return "convolution \(workload) \(batch)x\(size)x\(size)x\(channels) to \(features), "
      + "\(kernel)x\(kernel)\(step)"
  }

  /// Floating-point operations of direct sums, in the convolution and in each of its adjoints.
  var work: Double {
    2 * Double(batch * positions * positions) * Double(channels * features * kernel * kernel)
  }

  var axes: ConvolutionDimensions {
    let padding = [Dim(low), Dim(low)]
    // What is left over after the last step of the window takes no padding.
    let used = (positions - 1) * stride + kernel - low - size
    var result = ConvolutionDimensions(
      stride: [stride, stride], low: padding, high: [Dim(used), Dim(used)])
    if !isFirst { result.lhsAxes = [0, 3, 1, 2] }
    result.resultAxes = [0, 3, 1, 2]
    return result
  }

  /// The shape of the input, the kernel and the result.
  var shapes: [[Int]] {
    [
      isFirst ? [batch, channels, size, size] : [batch, size, size, channels],
      [features, channels, kernel, kernel], [batch, positions, positions, features],
    ]
  }

  static let all: [ConvolutionShape] =
    [
      .init(
        workload: "W3", batch: 64, size: 28, channels: 1, features: 8, kernel: 5, isFirst: true),
      .init(workload: "W3", batch: 64, size: 14, channels: 8, features: 16, kernel: 5),
      .init(
        workload: "W4", batch: 32, size: 32, channels: 3, features: 32, kernel: 3, isFirst: true),
    ]
    + [(32, 32, 32, 3, 1), (32, 32, 64, 3, 2), (32, 32, 64, 1, 2), (16, 64, 64, 3, 1)].map(w4)
    + [(16, 64, 128, 3, 2), (16, 64, 128, 1, 2), (8, 128, 128, 3, 1)].map(w4)
    + [1, 3, 5].flatMap { kernel in
      [1, 2].flatMap { stride in
        [16, 32, 64, 128].map { count in
          ConvolutionShape(
            workload: "grid", batch: 16, size: 16, channels: count, features: count,
            kernel: kernel, stride: stride)
        }
      }
    }

  private static func w4(
    _ size: Int, _ channels: Int, _ features: Int, _ kernel: Int, _ stride: Int
  ) -> ConvolutionShape {
    ConvolutionShape(
      workload: "W4", batch: 32, size: size, channels: channels, features: features,
      kernel: kernel, stride: stride)
  }
}
