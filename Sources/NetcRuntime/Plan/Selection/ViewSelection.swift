import NetcCore
import NetcGraph

/// Rearrangements: other strides over the same memory where that is possible.
enum ViewSelection {
  static func broadcast(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let source = s.operands(node)[0]
    let axes = s.graph.attributes(of: node).ints("axes")
    let from = s.shape(source)
    let rank = s.shape(value).count
    switch s.location(source) {
    case .iota(let axis):
      s.locations[value.index] = from[axis] == 1 ? .number(0) : .iota(axis: axes[axis])
    case .view(let view):
      var strides = [Int](repeating: 0, count: rank)
      for (axis, target) in axes.enumerated() where from[axis] != 1 {
        strides[target] = view.strides[axis]
      }
      s.locations[value.index] = .view(
        BufferView(buffer: view.buffer, start: view.start, strides: strides))
    case let scalar: s.locations[value.index] = scalar
    }
  }

  static func transpose(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let permutation = s.graph.attributes(of: node).ints("permutation")
    switch s.location(s.operands(node)[0]) {
    case .iota(let axis):
      s.locations[value.index] = .iota(axis: permutation.firstIndex(of: axis) ?? axis)
    case .view(var view):
      view.strides = permutation.map { [strides = view.strides] in strides[$0] }
      s.locations[value.index] = .view(view)
    case let scalar: s.locations[value.index] = scalar
    }
  }

  static func slice(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try s.checkBinding(node)
    let value = s.graph.result(of: node)
    let attributes = s.graph.attributes(of: node)
    let starts = try s.sizes(attributes.dims("start"), node)
    let steps = attributes.ints("stride")
    guard var view = try s.memory(s.operands(node)[0], for: value) else { return }
    for axis in starts.indices {
      view.start += starts[axis] * view.strides[axis]
      view.strides[axis] *= steps[axis]
    }
    s.locations[value.index] = .view(view)
  }

  static func reverse(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let shape = s.shape(value)
    guard var view = try s.memory(s.operands(node)[0], for: value) else { return }
    for axis in s.graph.attributes(of: node).ints("axes") where shape[axis] > 0 {
      view.start += (shape[axis] - 1) * view.strides[axis]
      view.strides[axis] = -view.strides[axis]
    }
    s.locations[value.index] = .view(view)
  }

  static func reshape(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try s.checkBinding(node)
    let value = s.graph.result(of: node)
    let source = s.operands(node)[0]
    guard let view = try s.memory(source, for: value) else { return }
    if let reshaped = view.reshaped(s.shape(source), to: s.shape(value)) {
      s.locations[value.index] = .view(reshaped)
      return
    }
    let operand = try s.dense(source)
    s.locations[value.index] = .view(
      BufferView(
        buffer: operand.buffer, start: operand.start,
        strides: s.denseStrides(value)))
  }
}

extension Selector {
  /// The memory of an operand; when it is one number throughout, gives `value` that number and
  /// returns nil.
  mutating func memory(
    _ operand: ValueID, for value: ValueID
  ) throws(PlanError) -> BufferView? {
    switch location(operand) {
    case .number, .slot:
      locations[value.index] = location(operand)
      return nil
    case .view(let view): return view
    case .iota:
      let copy = try dense(operand)
      return BufferView(
        buffer: copy.buffer, start: copy.start, strides: MapBuilder.denseStrides(shape(operand)))
    }
  }

  /// Bound sizes of an attribute.
  func sizes(_ dims: [Dim], _ node: NodeID) throws(PlanError) -> [Int] {
    var result: [Int] = []
    for dim in dims {
      guard let size = dim.value(bindings) else {
        throw PlanError.size(Shape(dims), bindings, at: range(node))
      }
      result.append(size)
    }
    return result
  }

  /// Asks an operation whether its attributes make sense under the binding.
  func checkBinding(_ node: NodeID) throws(PlanError) {
    let types = graph.operands(of: node).map { graph.type(of: $0) }
    let op = graph.op(of: node).operation
    if let problem = op.bindingProblem(types, graph.attributes(of: node), bindings) {
      throw PlanError(problem, at: range(node))
    }
  }
}
