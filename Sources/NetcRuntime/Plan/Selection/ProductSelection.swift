import NetcCore
import NetcGraph

/// Products over paired axes as matrix products: the axes of each kind become one by strides,
/// else by a copy.
enum ProductSelection {
  static func dot(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try dot(&s, node, bias: nil, result: s.graph.result(of: node))
  }

  /// A multiple of a product, perhaps with a multiple of another tensor, as `value`.
  static func sum(_ s: inout Selector, _ sum: ProductSum, result value: ValueID) throws(PlanError) {
    var added: DraftOperand?
    if let other = sum.added { added = try s.dense(other) }
    let (alpha, beta) = (s.factor([sum.alpha]), s.factor(sum.beta))
    try dot(&s, sum.product, bias: sum.bias, result: value, alpha: alpha, beta: beta, added: added)
  }

  /// The product of a node times `alpha`, with a row added to every row of it and a multiple of
  /// another tensor, as `value`.
  static func dot(
    _ s: inout Selector, _ node: NodeID, bias: ValueID?, result value: ValueID,
    alpha: GemmInstruction.Factor = .init(1), beta: GemmInstruction.Factor = .init(0),
    added: DraftOperand? = nil
  ) throws(PlanError) {
    var operands = Array(s.operands(node))
    var alpha = alpha
    for place in operands.indices {
      guard let scaled = s.analysis.scaled[operands[place].index] else { continue }
      operands[place] = scaled.source
      alpha.value *= scaled.factor
    }
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
    if let added, beta.value != 0 { inputs.append(added) }
    let m = lhsFree.reduce(1) { $0 * left[$1] }
    let n = rhsFree.reduce(1) { $0 * right[$1] }
    let batches = batchSizes(axes.lhsBatch.map { left[$0] })
    let place =
      added == nil ? transposed(&s, value, (axes.lhsBatch.count, lhsFree.count), bias != nil) : nil
    let target = place?.0 ?? s.allocate(value)
    var instruction = GemmInstruction(
      m: m, n: n, k: contracted, a: a.layout, b: b.layout,
      c: place?.1 ?? .init(row: n, column: 1, batch0: batches.1 * m * n, batch1: m * n))
    if instruction.c.column != 1 {
      instruction.transpose()
      inputs.swapAt(0, 1)
    }
    instruction.batch0 = batches.0
    instruction.batch1 = batches.1
    instruction.bias = bias != nil
    instruction.alpha = alpha
    instruction.beta = beta
    if let panels = panels(&s, instruction, inputs[1]) {
      instruction.isPacked = true
      inputs[1] = panels
    }
    s.emit(instruction, to: [target], from: inputs)
  }

  /// Memory for a product in the order of the transpose that is all that reads it, where the
  /// product or its transpose can write that; `counts` are the numbers of batch and row axes.
  private static func transposed(
    _ s: inout Selector, _ value: ValueID, _ counts: (batch: Int, rows: Int), _ isBiased: Bool
  ) -> (DraftOperand, GemmInstruction.Layout)? {
    let users = s.analysis.users.of(value)
    guard users.count == 1, let user = users.first.map({ NodeID(Int($0)) }),
      s.graph.op(of: user) == .transpose, !s.analysis.isResult[value.index],
      s.placements[value.index] == nil
    else { return nil }
    let shape = s.shape(value)
    let permutation = s.graph.attributes(of: user).ints("permutation")
    let dense = MapBuilder.denseStrides(permutation.map { shape[$0] })
    var view = BufferView(buffer: 0, start: 0, strides: dense)
    for (place, axis) in permutation.enumerated() { view.strides[axis] = dense[place] }
    let axes = Array(shape.indices)
    let first = counts.batch + counts.rows
    guard
      let result = layout(
        view, shape, Array(axes[..<counts.batch]), Array(axes[counts.batch..<first]),
        Array(axes[first...])), result.column == 1 || (result.row == 1 && !isBiased)
    else { return nil }
    let target = s.temporary(
      s.element(value), shape, symbolic: s.graph.type(of: value).shape, value: value)
    view.buffer = target.buffer
    s.locations[value.index] = .view(view)
    return (target, result)
  }

  /// A matrix that products read in panels, by where it is and its layout.
  struct PackedMatrix: Hashable {
    let operand: DraftOperand
    let pack: PackInstruction
  }

  /// The right matrix of a product in panels: where a plan keeps its weights, or, in a loop, where
  /// each turn would make them; else nil.
  private static func panels(
    _ s: inout Selector, _ product: GemmInstruction, _ matrix: DraftOperand
  ) -> DraftOperand? {
    guard product.batch0 * product.batch1 == 1,
      isKept(s, product, matrix) || isHoisted(s, product, matrix)
    else { return nil }
    let pack = PackInstruction(product)
    let key = PackedMatrix(operand: matrix, pack: pack)
    if let known = s.panels[key] { return known }
    let panels = s.temporary(
      .float, pack.panelShape, symbolic: Shape(sizes: pack.panelShape))
    let step = DraftStep(
      name: PackInstruction.name, code: pack.code(s.precision), operands: [panels, matrix],
      outputs: 1, node: s.loopNode ?? s.node)
    if s.loopNode == nil { s.draft.steps.append(step) } else { s.hoisted.append(step) }
    s.panels[key] = panels
    return panels
  }

  /// Whether the matrix is a parameter of a plan that keeps its weights, and larger than what it
  /// would be filled up with.
  private static func isKept(
    _ s: Selector, _ product: GemmInstruction, _ matrix: DraftOperand
  ) -> Bool {
    guard s.options.keepsWeights, s.draft.loopDepth <= 1, product.kernel != .packed,
      case .persistent = s.draft.buffers[matrix.buffer].place
    else { return false }
    return product.n >= PackInstruction.width(of: product)
  }

  private static func isHoisted(
    _ s: Selector, _ product: GemmInstruction, _ matrix: DraftOperand
  ) -> Bool {
    product.m > 1 && s.invariant.contains(matrix.buffer)
      && (product.b.column != 1 || product.n % PackInstruction.width(of: product) != 0)
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
    let order = batch + (isAcross(view, shape, rows, columns) ? columns + rows : rows + columns)
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
    func places(_ axes: [Int]) -> [Int] { axes.compactMap { order.firstIndex(of: $0) } }
    guard let layout = layout(dense, sizes, places(batch), places(rows), places(columns)) else {
      internalError("plan: a dense operand of a product has no layout")
    }
    return (target, layout)
  }

  /// Whether a row's neighbours lie closer than a column's, so that a copy of columns moves runs.
  private static func isAcross(
    _ view: BufferView, _ shape: [Int], _ rows: [Int], _ columns: [Int]
  ) -> Bool {
    guard let row = rows.last(where: { shape[$0] != 1 }),
      let column = columns.last(where: { shape[$0] != 1 })
    else { return false }
    return view.strides[row] < view.strides[column]
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
