import NetcCore
import NetcGraph

/// Products over paired axes as matrix products: the axes of each kind become one by strides,
/// else by a copy.
enum ProductSelection {
  static func dot(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try dot(&s, node, bias: nil, result: s.graph.result(of: node))
  }

  /// The product of a node, with a row added to every row of it, as `value`.
  /// - Parameter update: the memory it is added to, times the factor, in place of memory of its own.
  static func dot(
    _ s: inout Selector, _ node: NodeID, bias: ValueID?, result value: ValueID,
    update: Selector.UpdateTarget? = nil
  ) throws(PlanError) {
    let operands = s.operands(node)
    let axes = DotDimensions(s.graph.attributes(of: node))
    let left = s.shape(operands[0])
    let right = s.shape(operands[1])
    let contracted = axes.lhsContracting.reduce(1) { $0 * left[$1] }
    if contracted == 0 {
      s.locations[value.index] = .number(0)
      return
    }
    let lhsFree = axes.lhsFree(rank: left.count)
    let rhsFree = axes.rhsFree(rank: right.count)
    let a = try matrix(&s, operands[0], axes.lhsBatch, lhsFree, axes.lhsContracting)
    let b = try matrix(&s, operands[1], axes.rhsBatch, axes.rhsContracting, rhsFree)
    var inputs = [a.operand, b.operand]
    if let bias { inputs.append(try s.dense(bias)) }
    let target = update?.memory ?? s.allocate(value)
    let m = lhsFree.reduce(1) { $0 * left[$1] }
    let n = rhsFree.reduce(1) { $0 * right[$1] }
    let batches = batchSizes(axes.lhsBatch.map { left[$0] })
    var instruction = GemmInstruction(
      m: m, n: n, k: contracted, a: a.layout, b: b.layout,
      c: GemmInstruction.Layout(
        row: n, column: 1, batch0: batches.1 * m * n, batch1: m * n))
    instruction.batch0 = batches.0
    instruction.batch1 = batches.1
    instruction.bias = bias != nil
    if let update {
      instruction.alpha = update.factor
      instruction.beta = GemmInstruction.Factor(1)
    }
    s.emit(instruction, to: [target], from: inputs, accumulates: update != nil)
  }

  /// The batch axes as two: all but the last that is not 1, and that one.
  private static func batchSizes(_ sizes: [Int]) -> (Int, Int) {
    let inner = sizes.last { $0 != 1 } ?? 1
    return (inner == 0 ? 0 : sizes.reduce(1, *) / inner, inner)
  }

  /// An operand as matrices [batch, rows, columns], copied when its strides do not say so.
  static func matrix(
    _ s: inout Selector, _ value: ValueID, _ batch: [Int], _ rows: [Int], _ columns: [Int]
  ) throws(PlanError) -> (operand: DraftOperand, layout: GemmInstruction.Layout) {
    let shape = s.shape(value)
    let view = try s.strided(value)
    if let layout = layout(view, shape, batch, rows, columns) {
      return (DraftOperand(buffer: view.buffer, start: view.start), layout)
    }
    let order = batch + rows + columns
    let symbolic = s.graph.type(of: value).shape
    let target = s.temporary(
      s.element(value), order.map { shape[$0] }, symbolic: Shape(order.map { symbolic[$0] }),
      value: value)
    let sizes = order.map { shape[$0] }
    let source = BufferView(
      buffer: view.buffer, start: view.start, strides: order.map { view.strides[$0] })
    let dense = BufferView(
      buffer: target.buffer, start: 0, strides: MapBuilder.denseStrides(sizes))
    try s.copy(s.element(value), sizes, from: source, to: dense)
    let places = Array(order.indices)
    let counts = (batch.count, batch.count + rows.count)
    guard
      let layout = layout(
        dense, sizes, Array(places[..<counts.0]), Array(places[counts.0..<counts.1]),
        Array(places[counts.1...]))
    else { internalError("plan: a dense operand of a product has no layout") }
    return (target, layout)
  }

  private static func layout(
    _ view: BufferView, _ shape: [Int], _ batch: [Int], _ rows: [Int], _ columns: [Int]
  ) -> GemmInstruction.Layout? {
    guard let row = stride(view, shape, rows), let column = stride(view, shape, columns) else {
      return nil
    }
    let last = batch.lastIndex { shape[$0] != 1 }
    guard let last else { return GemmInstruction.Layout(row: row, column: column) }
    guard let outer = stride(view, shape, Array(batch[..<last])) else { return nil }
    return GemmInstruction.Layout(
      row: row, column: column, batch0: outer, batch1: view.strides[batch[last]])
  }

  /// The stride of some axes taken as one, the last fastest; 0 when they hold one element.
  static func stride(_ view: BufferView, _ shape: [Int], _ axes: [Int]) -> Int? {
    var result: Int?
    var expected = 0
    for axis in axes.reversed() where shape[axis] != 1 {
      if result == nil {
        result = view.strides[axis]
      } else if view.strides[axis] != expected {
        return nil
      }
      expected = view.strides[axis] * shape[axis]
    }
    return result ?? 0
  }
}
