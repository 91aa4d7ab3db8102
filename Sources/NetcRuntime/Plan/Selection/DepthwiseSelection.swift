import NetcCore
import NetcGraph

/// Convolutions of each channel by itself where channels lie side by side.
enum DepthwiseSelection {
  /// Emits the instruction of such a convolution or of its adjoint in the kernel.
  /// - Returns: false when channels lie apart or the window is too large.
  static func select(_ s: inout Selector, _ call: ConvolutionCall) throws(PlanError) -> Bool {
    let isAdjoint = DirectConvolution.isKernelAdjoint(call)
    let views = [try s.strided(call.operands[0]), try s.placed(call.operands[1])]
    let shape = s.shape(call.value)
    let target = BufferView(buffer: 0, start: 0, strides: MapBuilder.denseStrides(shape))
    var geometry = ConvolutionGeometry(
      groups: call.groups, outer: isAdjoint ? call.channels : call.outer, channels: 1, features: 1,
      axes: isAdjoint ? DirectConvolution.adjointAxes(call) : DirectConvolution.axes(call))
    func strides(_ view: BufferView, _ axes: [Int]) -> ConvolutionGeometry.Strides {
      DirectConvolution.strides(
        view, isAdjoint ? DirectConvolution.exchanged(axes, call.axes) : axes, call.axes)
    }
    geometry.input = strides(views[0], call.axes.lhsAxes)
    geometry.result = strides(
      isAdjoint ? views[1] : target, isAdjoint ? call.axes.rhsAxes : call.axes.resultAxes)
    geometry.kernel = strides(
      isAdjoint ? target : views[1], isAdjoint ? call.axes.resultAxes : call.axes.rhsAxes)
    let bytes = 8 * Double(geometry.groups) * Double(geometry.taps)
    guard geometry.isDepthwise, views[1].isForward || !isAdjoint,
      geometry.taps <= ConvolutionGeometry.mostTaps,
      bytes <= Double(ConvolutionGeometry.cachedBytes)
    else { return false }
    let operands = views.map { DraftOperand(buffer: $0.buffer, start: $0.start) }
    let result = s.allocate(call.value)
    if isAdjoint {
      s.emit(DepthwiseKernelAdjointInstruction(geometry: geometry), to: [result], from: operands)
    } else {
      s.emit(DepthwiseInstruction(geometry: geometry), to: [result], from: operands)
    }
    return true
  }
}
