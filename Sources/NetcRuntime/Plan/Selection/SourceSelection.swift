import NetcCore
import NetcGraph

/// Leaves, constants, indices and random numbers.
enum SourceSelection {
  static func input(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let name = s.graph.attributes(of: node).text("name")
    let shape = s.shape(value)
    let isFed = s.options.purpose != .once && s.options.batched.contains(name)
    let target = s.allocate(value)
    let column = isFed ? s.draft.inputs.count { $0.column != nil } : nil
    s.draft.inputs.append(
      DraftInput(
        name: name, element: s.element(value), shape: shape, column: column, buffer: target.buffer))
    guard let column else {
      s.draft.buffers[target.buffer].isInput = true
      return
    }
    s.emit(
      FeedInstruction(
        column: column, batch: shape.first ?? 1, width: shape.dropFirst().reduce(1, *),
        type: s.element(value)), to: [target], from: [], kind: .feed)
  }

  static func persistent(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let name = s.graph.attributes(of: node).text("name")
    let buffer = try s.persistentBuffer(name, value)
    s.locations[value.index] = .view(
      BufferView(buffer: buffer, start: 0, strides: s.denseStrides(value)))
  }

  static func constant(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let values = s.graph.attributes(of: node).numbers("values")
    let element = s.element(value)
    if s.analysis.isFree[value.index], let first = values.first {
      s.locations[value.index] = .number(Selector.number(first, element))
      return
    }
    let buffer = s.constantBuffer(values, element, s.graph.type(of: value).shape, value)
    s.locations[value.index] = .view(
      BufferView(buffer: buffer, start: 0, strides: s.denseStrides(value)))
  }

  static func iota(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let axis = s.graph.attributes(of: node).int("axis")
    s.locations[s.graph.result(of: node).index] = .iota(axis: axis)
  }

  static func randomUniform(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    var offsets: [DraftOperand] = []
    for operand in s.operands(node) { offsets.append(try s.dense(operand)) }
    let target = s.allocate(value)
    s.emit(
      RandomUniformInstruction(
        count: s.count(value), key: Philox.hash(s.graph.attributes(of: node).text("site")),
        offset: !offsets.isEmpty),
      to: [target], from: offsets)
  }
}

extension Selector {
  /// A number as an element of a type: whole and clamped for integers, 0 or 1 for truth values.
  static func number(_ value: Double, _ element: ElementType) -> Double {
    switch element {
    case .float: value
    case .int: Double(Int32(clampedFrom: value))
    case .bool: value != 0 ? 1 : 0
    }
  }

  /// The buffer that holds the old value of a parameter or state.
  mutating func persistentBuffer(_ name: String, _ value: ValueID) throws(PlanError) -> Int {
    guard let entry = layout.index(of: name) else {
      internalError("plan: parameter or state `\(name)` is not in the persistent layout")
    }
    let place = layout.entries[entry]
    guard place.shape == shape(value), place.element == element(value) else {
      internalError("plan: `\(name)` is \(place.shape) in the layout, \(shape(value)) in the graph")
    }
    if let known = persistent[entry] { return known }
    let buffer = draft.add(
      DraftBuffer(
        place: .persistent(entry), element: place.element, count: place.count, bytes: place.bytes,
        shape: graph.type(of: value).shape, value: value))
    persistent[entry] = buffer
    return buffer
  }

  /// Numbers in the plan's table of constants.
  mutating func constantBuffer(
    _ values: [Double], _ element: ElementType, _ shape: Shape, _ value: ValueID
  ) -> Int {
    let size = element.bytes(in: precision)
    let start = draft.constants.count * 8
    var bytes = [UInt8](repeating: 0, count: (values.count * size + 63) & ~63)
    bytes.withUnsafeMutableBytes { memory in
      for (k, number) in values.enumerated() {
        switch (element, precision) {
        case (.float, .single):
          memory.storeBytes(of: Float(number), toByteOffset: 4 * k, as: Float.self)
        case (.float, .double): memory.storeBytes(of: number, toByteOffset: 8 * k, as: Double.self)
        case (.int, _):
          memory.storeBytes(of: Int32(clampedFrom: number), toByteOffset: 4 * k, as: Int32.self)
        case (.bool, _): memory.storeBytes(of: number != 0 ? 1 : 0, toByteOffset: k, as: UInt8.self)
        }
      }
    }
    bytes.withUnsafeBytes { memory in
      for k in 0..<memory.count / 8 {
        draft.constants.append(memory.load(fromByteOffset: 8 * k, as: UInt64.self))
      }
    }
    return draft.add(
      DraftBuffer(
        place: .constant(start), element: element, count: values.count, bytes: values.count * size,
        shape: shape, value: loopNode == nil ? value : nil))
  }
}
