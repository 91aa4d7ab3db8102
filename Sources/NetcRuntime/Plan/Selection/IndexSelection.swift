import NetcCore
import NetcGraph

/// Reading and adding rows by index.
enum IndexSelection {
  static func gather(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    // The elements at a window's places are there already.
    if s.locations[value.index] != nil { return }
    let operands = s.operands(node)
    let axes = axes(s, node, table: operands[0], indices: operands[1])
    let table = try s.dense(operands[0])
    let indices = try s.dense(operands[1])
    let target = s.allocate(value)
    s.emit(
      GatherInstruction(axes: axes, type: s.element(value)), to: [target], from: [table, indices])
  }

  static func scatterAdd(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let value = s.graph.result(of: node)
    let operands = s.operands(node)
    let axes = axes(s, node, table: operands[0], indices: operands[1])
    let indices = try s.dense(operands[1])
    let updates = try s.dense(operands[2])
    if let windows = try PoolingSelection.adjoint(s, node) {
      s.emit(
        MaxPoolAdjointInstruction(axes: windows), to: [s.allocate(value)],
        from: [indices, updates])
      return
    }
    let base = s.location(operands[0])
    let target = s.allocate(value)
    let isThere: Bool
    if case .view(let view) = base {
      // In a loop a carried sum is added to where it lies.
      isThere = view.buffer == target.buffer && view.start == target.start
    } else {
      isThere = false
    }
    if !isThere { try s.fill(target, s.shape(value), s.element(value), from: base) }
    if axes.count > 0 {
      s.emit(
        ScatterAddInstruction(axes: axes, type: s.element(value)), to: [target],
        from: [indices, updates])
    }
  }

  private static func axes(
    _ s: Selector, _ node: NodeID, table: ValueID, indices: ValueID
  ) -> IndexedAxes {
    let attributes = s.graph.attributes(of: node)
    let batchDims = attributes.int("batch_dims")
    let axis = attributes.int("axis")
    let shape = s.shape(table)
    let chosen = s.shape(indices)
    return IndexedAxes(
      batch: shape[..<batchDims].reduce(1, *), outer: shape[batchDims..<axis].reduce(1, *),
      axis: shape[axis], count: chosen[batchDims...].reduce(1, *),
      inner: shape[(axis + 1)...].reduce(1, *))
  }
}
