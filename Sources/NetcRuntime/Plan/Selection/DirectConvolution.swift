import NetcCore
import NetcGraph

/// Convolutions and their adjoints by the kernels that pack rows: what a node is, and where its operands lie.
enum DirectConvolution {
  /// Emits a convolution's instructions.
  /// - Returns: false when it is left to products of image columns.
  static func select(_ s: inout Selector, _ call: ConvolutionCall) throws(PlanError) -> Bool {
    if isKernelAdjoint(call) { return try selectAdjoint(&s, call) }
    let view = try s.strided(call.operands[0])
    guard call.features >= 4 || call.channels >= 64,
      call.direct(view, s.shape(call.operands[0])) == nil
    else { return false }
    let axes = call.windows.enumerated().map { place, window in
      ConvolutionGeometry.Axis(
        size: window.size, positions: call.positions[place], window: window.window,
        stride: window.stride, dilation: window.dilation, spread: window.spread, low: window.low)
    }
    var geometry = ConvolutionGeometry(
      groups: call.groups, outer: call.outer, channels: call.channels, features: call.features,
      axes: axes)
    guard geometry.chooseBand(isAdjoint: false) else { return false }
    let kernel = try s.placed(call.operands[1])
    geometry.input = strides(view, call.axes.lhsAxes, call.axes)
    let own = strides(kernel, call.axes.rhsAxes, call.axes)
    geometry.kernel = .init(
      group: own.group, outer: own.feature, feature: own.outer, axes: own.axes)
    let packed = s.temporary(
      .float, [geometry.packedCount], symbolic: Shape(sizes: [geometry.packedCount]))
    s.emit(
      PackKernelInstruction(geometry: geometry), to: [packed],
      from: [DraftOperand(buffer: kernel.buffer, start: kernel.start)])
    let target = s.allocate(call.value)
    geometry.result = strides(dense(target, s.shape(call.value)), call.axes.resultAxes, call.axes)
    s.emit(
      ConvolutionInstruction(geometry: geometry), to: [target],
      from: [DraftOperand(buffer: view.buffer, start: view.start), packed])
    return true
  }

  /// Whether the window is an image and its positions are a kernel's taps: the adjoint of a convolution in its
  /// kernel.
  private static func isKernelAdjoint(_ call: ConvolutionCall) -> Bool {
    let window = call.windows.map(\.window).reduce(1, *)
    return call.windows.allSatisfy { $0.spread == 1 } && window >= 4
      && window > call.positions.reduce(1, *)
  }

  /// The batch is what such a convolution sums over, its batch the channels.
  private static func selectAdjoint(
    _ s: inout Selector, _ call: ConvolutionCall
  ) throws(PlanError) -> Bool {
    guard call.features >= 4 else { return false }
    let axes = call.windows.enumerated().map { place, window in
      ConvolutionGeometry.Axis(
        size: window.size, positions: window.window, window: call.positions[place],
        stride: window.dilation, dilation: window.stride, low: window.low)
    }
    var geometry = ConvolutionGeometry(
      groups: call.groups, outer: call.channels, channels: call.outer, features: call.features,
      axes: axes)
    guard geometry.chooseBand(isAdjoint: true) else { return false }
    let input = try s.strided(call.operands[0])
    let adjoint = try s.strided(call.operands[1])
    geometry.input = strides(input, exchanged(call.axes.lhsAxes, call.axes), call.axes)
    geometry.result = strides(adjoint, exchanged(call.axes.rhsAxes, call.axes), call.axes)
    geometry.chooseSums()
    let counts = [geometry.blocks, geometry.packedCount]
    guard let count = elementCount(counts), count < Int(Int32.max) else { return false }
    let sums = s.temporary(.float, counts, symbolic: Shape(sizes: counts))
    s.emit(
      KernelAdjointInstruction(geometry: geometry), to: [sums],
      from: [
        DraftOperand(buffer: input.buffer, start: input.start),
        DraftOperand(buffer: adjoint.buffer, start: adjoint.start),
      ])
    let target = s.allocate(call.value)
    geometry.kernel = strides(
      dense(target, s.shape(call.value)), call.axes.resultAxes, call.axes)
    s.emit(UnpackKernelInstruction(geometry: geometry), to: [target], from: [sums])
    return true
  }

  private static func exchanged(_ axes: [Int], _ call: ConvolutionDimensions) -> [Int] {
    ConvolutionDimensions.exchanged(axes, spatial: call.spatial)
  }

  private static func dense(_ operand: DraftOperand, _ shape: [Int]) -> BufferView {
    BufferView(
      buffer: operand.buffer, start: operand.start, strides: MapBuilder.denseStrides(shape))
  }

  /// The strides of a view whose axes are `[group, outer, feature, spatial…]`, the group left out without groups.
  private static func strides(
    _ view: BufferView, _ axes: [Int], _ call: ConvolutionDimensions
  ) -> ConvolutionGeometry.Strides {
    let own = (call.isGrouped ? [] : [0]) + axes.map { view.strides[$0] }
    return .init(
      group: own[0], outer: own[1], feature: own[2],
      axes: Array(repeating: 0, count: 3 - call.spatial) + own[3...])
  }
}

extension ConvolutionGeometry {
  /// Splits the batch where lists of sums are short, else the features.
  mutating func chooseSums() {
    if packedCount <= 1 << 16 {
      blocks = min(outer, 8)
    } else {
      splits = max(1, (featureBlocks + 1) / 2)
    }
  }
}

extension Selector {
  /// A value as memory with strides of any sign.
  mutating func placed(_ value: ValueID) throws(PlanError) -> BufferView {
    if case .view(let view) = location(value), isAligned(view) { return view }
    return try strided(value)
  }
}
