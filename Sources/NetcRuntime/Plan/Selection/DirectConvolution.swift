import NetcCore
import NetcGraph

/// Convolutions and their adjoints by the kernels that pack rows: what a node is, and where its
/// operands lie.
enum DirectConvolution {
  /// Emits a convolution's instructions, `result` being what an ending makes of it.
  /// - Returns: false when it is left to products of image columns.
  static func select(
    _ s: inout Selector, _ call: ConvolutionCall, _ ending: ConvolutionEnding?, result: ValueID
  ) throws(PlanError) -> Bool {
    if call.isDepthwise { return try DepthwiseSelection.select(&s, call) }
    let prologue = s.analysis.prologues[s.graph.node(of: call.value).index]
    if isKernelAdjoint(call) { return try selectAdjoint(&s, call, prologue) }
    guard var geometry = geometry(call) else { return false }
    let view = try s.strided(prologue?.source ?? call.operands[0])
    geometry.prologue = prologue?.kind
    let kernel = try s.placed(call.operands[1])
    geometry.input = strides(view, call.axes.lhsAxes, call.axes)
    geometry.skipUnused(isAdjoint: false)
    let own = strides(kernel, call.axes.rhsAxes, call.axes)
    geometry.kernel = .init(
      group: own.group, outer: own.feature, feature: own.outer, axes: own.axes)
    let packed = s.temporary(
      .float, [geometry.packedCount], symbolic: Shape(sizes: [geometry.packedCount]))
    s.emit(
      PackKernelInstruction(geometry: geometry), to: [packed],
      from: [DraftOperand(buffer: kernel.buffer, start: kernel.start)])
    var inputs = [DraftOperand(buffer: view.buffer, start: view.start), packed]
    if let prologue { inputs += [try s.dense(prologue.scale), try s.dense(prologue.shift)] }
    if let bias = ending?.bias { inputs.append(try s.dense(bias)) }
    let target = s.allocate(result)
    geometry.result = strides(dense(target, s.shape(result)), call.axes.resultAxes, call.axes)
    geometry.isRectified = ending?.isRectified ?? false
    geometry.isTiled = geometry.paysForTiles(isAdjoint: false)
    var targets = [target]
    let node = s.graph.node(of: call.value)
    if s.analysis.statistics[node.index]?.value == result {
      geometry.hasStatistics = true
      let size = [geometry.units, geometry.features]
      for _ in 0..<2 { targets.append(s.temporary(.float, size, symbolic: Shape(sizes: size))) }
      s.statistics[result.index] = ConvolutionStatistics.Rows(
        sums: targets[1], squares: targets[2], units: size[0],
        elements: geometry.band * geometry.axes[2].positions, channels: size[1])
    }
    var instruction = ConvolutionInstruction(geometry: geometry)
    instruction.hasBias = ending?.bias != nil
    s.emit(instruction, to: targets, from: inputs)
    return true
  }

  /// The sizes of a convolution for the direct kernel, without strides.
  /// - Returns: nil when it is left to other products: one that only mixes the channels of planes,
  ///   one of few features.
  static func geometry(_ call: ConvolutionCall) -> ConvolutionGeometry? {
    let isLast = call.axes.resultAxes.count == call.axes.resultAxes[call.axes.isGrouped ? 2 : 1] + 1
    guard call.summed > 0, !call.isDepthwise, !isKernelAdjoint(call),
      call.features >= 4 || call.channels >= 64,
      isLast || !call.isPointwise
    else { return nil }
    var geometry = ConvolutionGeometry(
      groups: call.groups, outer: call.outer, channels: call.channels, features: call.features,
      axes: axes(call))
    return geometry.chooseBand(isAdjoint: false) ? geometry : nil
  }

  /// The axes of a convolution.
  static func axes(_ call: ConvolutionCall) -> [ConvolutionGeometry.Axis] {
    zip(call.windows, call.positions).map { window, positions in
      ConvolutionGeometry.Axis(
        size: window.size, positions: positions, window: window.window, stride: window.stride,
        dilation: window.dilation, spread: window.spread, low: window.low)
    }
  }

  /// The axes of the convolution that a call is the adjoint in the kernel of.
  static func adjointAxes(_ call: ConvolutionCall) -> [ConvolutionGeometry.Axis] {
    zip(call.windows, call.positions).map { window, positions in
      ConvolutionGeometry.Axis(
        size: window.size, positions: window.window, window: positions, stride: window.dilation,
        dilation: window.stride, low: window.low)
    }
  }

  /// Whether the window is an image and its positions are a kernel's taps: the adjoint of a
  /// convolution in its kernel.
  static func isKernelAdjoint(_ call: ConvolutionCall) -> Bool {
    let window = call.windows.map(\.window).reduce(1, *)
    return call.windows.allSatisfy { $0.spread == 1 } && window >= 4
      && window > call.positions.reduce(1, *)
  }

  /// The sizes of the convolution that a call is the adjoint in the kernel of, without strides.
  /// - Returns: nil when it is left to other products.
  static func adjointGeometry(_ call: ConvolutionCall) -> ConvolutionGeometry? {
    guard call.features >= 4, !call.isDepthwise else { return nil }
    var geometry = ConvolutionGeometry(
      groups: call.groups, outer: call.channels, channels: call.outer, features: call.features,
      axes: adjointAxes(call))
    guard geometry.chooseBand(isAdjoint: true) else { return nil }
    geometry.chooseSums()
    guard let count = elementCount([geometry.blocks, geometry.packedCount]),
      count < Int(Int32.max)
    else { return nil }
    return geometry
  }

  /// The batch is what such a convolution sums over, its batch the channels.
  private static func selectAdjoint(
    _ s: inout Selector, _ call: ConvolutionCall, _ prologue: ConvolutionPrologue?
  ) throws(PlanError) -> Bool {
    guard var geometry = adjointGeometry(call) else { return false }
    let input = try s.strided(prologue?.source ?? call.operands[0])
    geometry.prologue = prologue?.kind
    let adjoint = try s.strided(call.operands[1])
    geometry.input = strides(input, exchanged(call.axes.lhsAxes, call.axes), call.axes)
    geometry.result = strides(adjoint, exchanged(call.axes.rhsAxes, call.axes), call.axes)
    geometry.skipUnused(isAdjoint: true)
    geometry.isTiled = geometry.paysForTiles(isAdjoint: true)
    let counts = [geometry.blocks, geometry.packedCount]
    let sums = s.temporary(.float, counts, symbolic: Shape(sizes: counts))
    var inputs = [
      DraftOperand(buffer: input.buffer, start: input.start),
      DraftOperand(buffer: adjoint.buffer, start: adjoint.start),
    ]
    if let prologue { inputs += [try s.dense(prologue.scale), try s.dense(prologue.shift)] }
    s.emit(KernelAdjointInstruction(geometry: geometry), to: [sums], from: inputs)
    let target = s.allocate(call.value)
    geometry.kernel = strides(
      dense(target, s.shape(call.value)), call.axes.resultAxes, call.axes)
    s.emit(UnpackKernelInstruction(geometry: geometry), to: [target], from: [sums])
    return true
  }

  static func exchanged(_ axes: [Int], _ call: ConvolutionDimensions) -> [Int] {
    ConvolutionDimensions.exchanged(axes, spatial: call.spatial)
  }

  static func dense(_ operand: DraftOperand, _ shape: [Int]) -> BufferView {
    BufferView(
      buffer: operand.buffer, start: operand.start, strides: MapBuilder.denseStrides(shape))
  }

  /// The strides of a view whose axes are `[group, outer, feature, spatial…]`, the group left out
  /// without groups.
  static func strides(
    _ view: BufferView, _ axes: [Int], _ call: ConvolutionDimensions
  ) -> ConvolutionGeometry.Strides {
    let own = (call.isGrouped ? [] : [0]) + axes.map { view.strides[$0] }
    return .init(
      group: own[0], outer: own[1], feature: own[2],
      axes: Array(repeating: 0, count: 3 - call.spatial) + own[3...])
  }
}

extension ConvolutionGeometry {
  /// Takes for an axis under a window of one element only the elements that are read, so that no
  /// others are packed.
  mutating func skipUnused(isAdjoint: Bool) {
    for (place, axis) in axes.enumerated()
    where axis.window == 1 && axis.spread == 1 && axis.low == 0 && axis.stride > 1 {
      guard (axis.positions - 1) * axis.stride < axis.size else { continue }
      axes[place] = Axis(size: axis.positions, positions: axis.positions)
      input.axes[place] *= axis.stride
    }
    _ = chooseBand(isAdjoint: isAdjoint)
  }

  /// The same convolution of the elements that are read.
  func skippingUnused(isAdjoint: Bool) -> ConvolutionGeometry {
    var result = self
    result.skipUnused(isAdjoint: isAdjoint)
    return result
  }

  /// Splits the batch where lists of sums are short; else the features, by as many as share the
  /// packing of the input and leave their sums in the cache.
  mutating func chooseSums() {
    if packedCount <= 1 << 16 {
      blocks = min(outer, packedCount <= 1 << 12 ? 8 : 4)
      return
    }
    let narrow = (featureBlocks + 1) / 2
    // Tiles of many channels fit into scratch memory with few features only.
    splits = narrow
    let fits = allowsTiles(isAdjoint: true)
    splits = (featureBlocks + 3) / 4
    if fits, !allowsTiles(isAdjoint: true) { splits = narrow }
    blocks = splits > 1 ? 1 : max(1, min(outer, 4))
  }
}

extension Selector {
  /// A value as memory with strides of any sign.
  mutating func placed(_ value: ValueID) throws(PlanError) -> BufferView {
    if case .view(let view) = location(value), isAligned(view) { return view }
    return try strided(value)
  }
}
