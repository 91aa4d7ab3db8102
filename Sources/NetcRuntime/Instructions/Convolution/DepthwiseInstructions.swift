import CNetc
package import NetcCore
package import NetcGraph

/// A convolution of each channel by itself, the channels side by side in memory.
package struct DepthwiseInstruction: DefinedInstruction {
  package static let name = "depthwise"
  package static let summary =
    "Sums products of each channel's kernel with the windows of the channel."

  /// Groups of one channel and one feature.
  package var geometry: ConvolutionGeometry

  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  package var inputs: Int { 2 }

  package func code(_ precision: Precision) -> InstructionCode {
    var code = InstructionCode(
      opcode: Int(NETC_DEPTHWISE), words: geometry.words,
      nanoseconds: 100 + geometry.work / 30 * precision.slowdown,
      units: geometry.outer * geometry.axes[0].positions * geometry.axes[1].positions)
    code.operations = geometry.work
    return code
  }

  package var operands: [OperandView] {
    [geometry.resultView, geometry.inputView, geometry.kernelView]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.convolution(inputs[0], inputs[1], geometry.dimensions)] }

  package static var samples: [DepthwiseInstruction] {
    ConvolutionGeometry.depthwiseSamples.map { DepthwiseInstruction(geometry: $0) }
  }
}

/// The adjoint of such a convolution in its kernel.
package struct DepthwiseKernelAdjointInstruction: DefinedInstruction {
  package static let name = "depthwise_kernel_adjoint"
  package static let summary =
    "Sums products of each channel with the adjoint of its convolution, image by image."

  /// Groups of one channel and one feature.
  package var geometry: ConvolutionGeometry

  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  package var inputs: Int { 2 }

  package func code(_ precision: Precision) -> InstructionCode {
    var code = InstructionCode(
      opcode: Int(NETC_DEPTHWISE_KERNEL), words: geometry.words,
      nanoseconds: 100 + geometry.work / 20 * precision.slowdown,
      units: geometry.taps * ((geometry.groups + 15) / 16))
    code.operations = geometry.work
    return code
  }

  package var operands: [OperandView] {
    [geometry.kernelView, geometry.inputView, geometry.resultView]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [b.convolution(inputs[0], inputs[1], geometry.adjointDimensions)] }

  package static var samples: [DepthwiseKernelAdjointInstruction] {
    ConvolutionGeometry.depthwiseSamples.filter { $0.axes.allSatisfy { $0.spread == 1 } }
      .map { DepthwiseKernelAdjointInstruction(geometry: $0) }
  }
}

extension ConvolutionGeometry {
  /// Whether groups of one channel and one feature lie side by side.
  var isDepthwise: Bool {
    groups > 1 && channels == 1 && features == 1 && input.group == 1 && result.group == 1
  }

  /// Channels in whole blocks and in tails; strides, gaps, padding.
  fileprivate static var depthwiseSamples: [ConvolutionGeometry] {
    let row = Axis(size: 5, positions: 5, window: 3, low: 1)
    let wide = Axis(size: 7, positions: 3, window: 2, stride: 3, dilation: 2, low: 1)
    let spread = Axis(size: 3, positions: 5, window: 3, spread: 2, low: 1)
    return [(16, [row, row]), (37, [wide, row]), (5, [row, wide, row]), (18, [spread, spread])].map
    {
      ConvolutionGeometry(
        groups: $0.0, outer: 2, channels: 1, features: 1, axes: $0.1, channelsLast: true)
    }
  }
}
