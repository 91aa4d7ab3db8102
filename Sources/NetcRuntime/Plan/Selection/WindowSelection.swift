import NetcCore
import NetcGraph

/// Sums and maxima under windows.
enum WindowSelection {
  static func sum(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let (axes, source) = try operand(&s, node)
    let target = s.allocate(s.graph.result(of: node))
    s.emit(WindowSumInstruction(axes: axes), to: [target], from: [source])
  }

  /// Places alone, or with the elements there.
  static func argmax(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let (axes, source) = try operand(&s, node)
    if let values = PoolingSelection.gathered(s, node) {
      let targets = [s.allocate(values), s.allocate(s.graph.result(of: node))]
      s.emit(MaxPoolInstruction(axes: axes), to: targets, from: [source])
      return
    }
    let target = s.allocate(s.graph.result(of: node))
    s.emit(WindowArgMaxInstruction(axes: axes), to: [target], from: [source])
  }

  private static func operand(
    _ s: inout Selector, _ node: NodeID
  ) throws(PlanError) -> (WindowAxes, DraftOperand) {
    try s.checkBinding(node)
    return (try axes(s, node), try s.dense(s.operands(node)[0]))
  }

  /// The windows of a node with known sizes.
  static func axes(_ s: Selector, _ node: NodeID) throws(PlanError) -> WindowAxes {
    let value = s.operands(node)[0]
    let windows = WindowDimensions(s.graph.attributes(of: node))
    let result = s.shape(s.graph.result(of: node))
    let known = try s.bound(windows.windows(s.graph.type(of: value).shape), node)
    let axes = known.enumerated().map { place, window in
      WindowAxes.Axis(
        size: window.size, positions: result[windows.batchDims + place], window: window.window,
        stride: window.stride, dilation: window.dilation, low: window.low)
    }
    return WindowAxes(batch: s.shape(value)[..<windows.batchDims].reduce(1, *), axes: axes)
  }
}

extension Selector {
  /// Windows with known sizes.
  func bound(
    _ windows: [SlidingWindow<Dim>], _ node: NodeID
  ) throws(PlanError) -> [SlidingWindow<Int>] {
    var result: [SlidingWindow<Int>] = []
    for window in windows {
      guard let known = window.bound(bindings) else {
        throw PlanError("a window does not fit into its \(window.size) elements", at: range(node))
      }
      result.append(known)
    }
    return result
  }
}
