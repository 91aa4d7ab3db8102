import NetcCore
import NetcGraph

/// Values put beside one another or surrounded by a number.
enum JoinSelection {
  static func concatenate(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let axis = s.graph.attributes(of: node).int("axis")
    var parts: [(value: ValueID, view: BufferView)] = []
    for operand in s.operands(node) { parts.append((operand, try s.readable(operand))) }
    if s.locations[value.index] == nil { _ = s.allocate(value) }
    guard case .view(var place) = s.location(value) else {
      internalError("plan: concatenated value \(value.index) is not in memory")
    }
    var start = 0
    for (part, view) in parts {
      let shape = s.shape(part)
      let isPlaced = s.joinedParts.contains(
        JoinedPart(value: part, whole: value, axis: axis, start: start))
      if !isPlaced {
        try s.copy(s.element(value), shape, from: view, to: place)
      }
      start += shape[axis]
      place.start += shape[axis] * place.strides[axis]
    }
  }

  static func pad(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try s.checkBinding(node)
    let value = s.graph.result(of: node)
    let operand = s.operands(node)[0]
    let attributes = s.graph.attributes(of: node)
    let low = try s.sizes(attributes.dims("low"), node)
    let spread = attributes.ints("interior").map { $0 + 1 }
    let shape = s.shape(value)
    var box = s.shape(operand)
    var source = try s.readable(operand)
    let target = s.allocate(value)
    let element = s.element(value)
    s.emit(
      FillInstruction(
        type: element, count: s.count(value),
        value: Selector.number(attributes.number("value"), element)), to: [target], from: [])
    let strides = MapBuilder.denseStrides(shape)
    var place = BufferView(buffer: target.buffer, start: 0, strides: strides)
    for axis in box.indices {
      let first = low[axis] < 0 ? (-low[axis] + spread[axis] - 1) / spread[axis] : 0
      let room = shape[axis] - 1 - low[axis]
      let last = room < 0 ? -1 : min(box[axis] - 1, room / spread[axis])
      source.start += first * source.strides[axis]
      place.start += (low[axis] + first * spread[axis]) * strides[axis]
      place.strides[axis] = strides[axis] * spread[axis]
      box[axis] = max(0, last - first + 1)
    }
    try s.copy(element, box, from: source, to: place)
  }
}

extension Selector {
  /// A value as memory with any strides, for copies.
  mutating func readable(_ value: ValueID) throws(PlanError) -> BufferView {
    if case .view(let view) = location(value) { return view }
    return try strided(value)
  }
}
