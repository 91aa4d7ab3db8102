import NetcCore
import NetcGraph

/// Convolutions by their own kernels, or as products of the kernel with the input's elements under
/// each position of the window.
enum ConvolutionSelection {
  static func convolution(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try convolution(&s, node, nil, result: s.graph.result(of: node))
  }

  /// A convolution as `result`, which is what an ending makes of it.
  static func convolution(
    _ s: inout Selector, _ node: NodeID, _ ending: ConvolutionEnding?, result: ValueID
  ) throws(PlanError) {
    try s.checkBinding(node)
    let call = try ConvolutionCall(s, node)
    if call.summed == 0 {
      s.locations[call.value.index] = .number(0)
      return
    }
    if try DirectConvolution.select(&s, call, ending, result: result) { return }
    let input = try inputMatrix(&s, call, node)
    let axes = call.axes
    let kernel = try ProductSelection.matrix(
      &s, call.operands[1], axes.isGrouped ? [axes.rhsAxes[0]] : [],
      [axes.rhsAxes[axes.rhsAxes.count - axes.spatial - 2]], axes.rhsSummed)
    let target = place(&s, call)
    let strides = target.strides
    let columns = (call.isWide ? call.outer : 1) * call.positions.reduce(1, *)
    var product = GemmInstruction(
      m: call.features, n: columns, k: call.summed,
      a: GemmInstruction.Layout(
        row: kernel.layout.row, column: kernel.layout.column, batch0: kernel.layout.batch1),
      b: input.layout,
      c: GemmInstruction.Layout(
        row: strides.feature, column: 1, batch0: strides.group,
        batch1: call.isWide ? 0 : strides.outer))
    product.batch0 = call.groups
    product.batch1 = call.isWide ? 1 : call.outer
    s.emit(product, to: [target.operand], from: [kernel.operand, input.operand])
  }

  private typealias ResultStrides = (group: Int, outer: Int, feature: Int)

  /// Memory for the result with its positions innermost, which is the result's own order where the
  /// axes say so.
  private static func place(
    _ s: inout Selector, _ call: ConvolutionCall
  ) -> (operand: DraftOperand, strides: ResultStrides) {
    // Places among group, outer, feature, positions.
    let batches = call.isWide ? [0, 2] : [0, 1]
    let order =
      batches.sorted { call.resultAxis($0) < call.resultAxis($1) }
      + [call.isWide ? 1 : 2] + Array(3..<3 + call.positions.count)
    let sizes = [call.groups, call.outer, call.features] + call.positions
    let strides = ImageColumnsInstruction.strides(sizes, order)
    let symbolic = s.graph.type(of: call.value).shape
    let operand = s.temporary(
      .float, order.map { sizes[$0] }, symbolic: symbolic, value: call.value)
    var view = BufferView(
      buffer: operand.buffer, start: 0, strides: symbolic.dims.map { _ in 0 })
    for place in sizes.indices where place > 0 || call.axes.isGrouped {
      view.strides[call.resultAxis(place)] = strides[place]
    }
    s.locations[call.value.index] = .view(view)
    return (operand, (strides[0], strides[1], strides[2]))
  }

  /// The input as matrices of `summed` rows and a column for each position: itself for a window of
  /// one element without padding, else its image columns.
  private static func inputMatrix(
    _ s: inout Selector, _ call: ConvolutionCall, _ node: NodeID
  ) throws(PlanError) -> (operand: DraftOperand, layout: GemmInstruction.Layout) {
    let view = try s.strided(call.operands[0])
    if let layout = call.direct(view, s.shape(call.operands[0])) {
      return (DraftOperand(buffer: view.buffer, start: view.start), layout)
    }
    let columns = call.columns(view)
    guard let count = elementCount(columns.dimensions), count < Int(Int32.max) else {
      throw PlanError(
        "a convolution of \(s.shape(call.operands[0])) to \(s.shape(call.value)) is too large for "
          + "memory", at: s.range(node))
    }
    let shapes = (call.operands + [call.value]).map { s.graph.type(of: $0).shape }
    let axes = call.axes
    let dims =
      axes.lhsAxes.prefix(axes.lhsAxes.count - axes.spatial).map { shapes[0][$0] }
      + axes.rhsAxes.suffix(axes.spatial).map { shapes[1][$0] }
      + axes.resultAxes.suffix(axes.spatial).map { shapes[2][$0] }
    let target = s.temporary(.float, columns.dimensions, symbolic: Shape(dims))
    s.emit(
      columns, to: [target], from: [DraftOperand(buffer: view.buffer, start: view.start)])
    return (target, call.layout(of: columns))
  }
}

/// The sizes of a convolution by what they are used for.
struct ConvolutionCall {
  let axes: ConvolutionDimensions
  let value: ValueID
  let operands: [ValueID]
  let windows: [SlidingWindow<Int>]
  let groups: Int
  let outer: Int
  let channels: Int
  let features: Int
  let positions: [Int]
  /// Whether one product for each group covers the whole batch, its result `[group, feature, outer,
  /// positions]`; otherwise there is one for each example, `[group, outer, feature, positions]`.
  let isWide: Bool

  init(_ s: Selector, _ node: NodeID) throws(PlanError) {
    guard let call = ConvolutionCall(s.graph, s.analysis, s.bindings, node) else {
      throw PlanError("a window does not fit into the elements it slides over", at: s.range(node))
    }
    self = call
  }

  /// The convolution of a node.
  /// - Returns: nil when a window does not fit.
  init?(_ graph: Graph, _ analysis: GraphAnalysis, _ bindings: DimBindings, _ node: NodeID) {
    axes = ConvolutionDimensions(graph.attributes(of: node))
    value = graph.result(of: node)
    operands = Array(analysis.operands(node))
    let lhs = analysis.sizes[Int(graph.typeNumber(of: operands[0]))]
    let result = analysis.sizes[Int(graph.typeNumber(of: value))]
    var windows: [SlidingWindow<Int>] = []
    for window in axes.windows(
      graph.type(of: operands[0]).shape, graph.type(of: operands[1]).shape)
    {
      guard let known = window.bound(bindings) else { return nil }
      windows.append(known)
    }
    self.windows = windows
    let first = axes.isGrouped ? 1 : 0
    groups = axes.isGrouped ? lhs[axes.lhsAxes[0]] : 1
    outer = lhs[axes.lhsAxes[first]]
    channels = lhs[axes.lhsAxes[first + 1]]
    features = result[axes.resultAxes[first + 1]]
    positions = axes.resultAxes.suffix(axes.spatial).map { result[$0] }
    isWide =
      axes.resultAxes[first + 1] < axes.resultAxes[first] || positions.reduce(1, *) < 16
  }

  /// Whether the window is one element that takes every place: channels are mixed, elements stay.
  var isPointwise: Bool {
    zip(windows, positions).allSatisfy { window, count in
      window.window == 1 && window.stride == 1 && window.spread == 1 && window.low == 0
        && window.size == count
    }
  }

  /// Whether groups have one channel and one feature.
  var isDepthwise: Bool {
    axes.isGrouped && groups > 1 && features == 1
      && (DirectConvolution.isKernelAdjoint(self) ? outer : channels) == 1
  }

  /// The length of a sum: channels times places of the window.
  var summed: Int { windows.reduce(channels) { $0 * $1.window } }

  /// The result's axis of group, outer, feature and the positions, counted from 0.
  func resultAxis(_ place: Int) -> Int {
    if axes.isGrouped { return axes.resultAxes[place] }
    return place == 0 ? -1 : axes.resultAxes[place - 1]
  }

  /// Whether neighbours in the columns are places of the window rather than positions: the longer
  /// runs.
  private var tapsLast: Bool { (windows.last?.window ?? 1) > (positions.last ?? 1) }

  /// The input's elements under each place of the window at each position.
  func columns(_ view: BufferView) -> ImageColumnsInstruction {
    typealias Axis = ImageColumnsInstruction.Axis
    let used = zip(windows, positions).map { window, count in
      tapsLast
        ? Axis(
          a: count, b: window.window, aStep: window.stride, bStep: window.dilation,
          size: window.size, spread: window.spread, low: window.low)
        : Axis(
          a: window.window, b: count, aStep: window.dilation, bStep: window.stride,
          size: window.size, spread: window.spread, low: window.low)
    }
    let before = 3 - used.count
    let own = axes.lhsAxes.map { view.strides[$0] }
    let unused = [Int](repeating: 0, count: before)
    let outermost = (axes.isGrouped ? [] : [0]) + own.prefix(axes.isGrouped ? 3 : 2)
    let places =
      tapsLast
      ? [0, 1, 3, 4, 5, 2, 6, 7, 8]
      : isWide ? [0, 2, 3, 4, 5, 1, 6, 7, 8] : [0, 1, 2, 3, 4, 5, 6, 7, 8]
    var result = ImageColumnsInstruction(
      outer: [groups, outer, channels], axes: Array(repeating: Axis(), count: before) + used,
      inputStrides: outermost + unused + own.suffix(axes.spatial), outputStrides: [])
    result.outputStrides = ImageColumnsInstruction.strides(result.dimensions, places)
    return result
  }

  /// Where the rows and columns of the matrices lie in those elements.
  func layout(of columns: ImageColumnsInstruction) -> GemmInstruction.Layout {
    let strides = columns.outputStrides
    let row = columns.axes.map(\.b).reduce(1, *)
    return GemmInstruction.Layout(
      row: tapsLast ? 1 : isWide ? outer * row : row, column: tapsLast ? summed : 1,
      batch0: strides[0], batch1: isWide ? 0 : strides[1])
  }

  /// Where rows and columns lie in the input itself; nil when its columns are not its elements.
  func direct(_ view: BufferView, _ shape: [Int]) -> GemmInstruction.Layout? {
    guard isPointwise else { return nil }
    let first = axes.isGrouped ? 1 : 0
    let spatial = Array(axes.lhsAxes.suffix(axes.spatial))
    let columns = isWide ? [axes.lhsAxes[first]] + spatial : spatial
    guard let column = ProductSelection.stride(view, shape, columns) else { return nil }
    return GemmInstruction.Layout(
      row: view.strides[axes.lhsAxes[first + 1]], column: column,
      batch0: axes.isGrouped ? view.strides[axes.lhsAxes[0]] : 0,
      batch1: isWide ? 0 : view.strides[axes.lhsAxes[first]])
  }
}
